"""The pipeline: read -> normalize -> validate -> enrich -> store, under Prefect and on the command line."""
