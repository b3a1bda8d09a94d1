"""What holds the revisions of a story together: marks and notes, kills told in words, and nearly the same words.

`marks` reads a headline or a slug, `notes` an editor's note, `kills` a notice that withdraws a story, `judge` all of
them; `likeness` compares texts, and `links` tells which revisions belong to one story. Pure functions on text.
"""
