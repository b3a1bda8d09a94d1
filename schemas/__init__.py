"""Shapes only: frozen Pydantic models of everything that enters, leaves or configures the pipeline. No I/O here."""
