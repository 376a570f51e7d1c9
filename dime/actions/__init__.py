"""Part of the app ``dime``."""
