"""The recipe of the language model that the package ships: corpora, network, training, export, evaluation, card."""
