"""The sections of a response pack, each a module."""
