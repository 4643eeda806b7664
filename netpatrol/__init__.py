"""netpatrol: patrols online commerce for a local market regulator."""

__version__ = "0.1.0"
