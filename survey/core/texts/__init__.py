"""The catalogue's files: one TOML file a room; a package only so that they are installed with the code."""
