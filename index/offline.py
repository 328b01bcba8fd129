"""Offline: model libraries are told so before they load, for nothing may leave the machine."""

import os

_SETTINGS = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY")


def go_offline() -> None:
    """Keep Hugging Face's libraries from the network; call it before they are imported.

    Even told to use local files only, they ask the hub for lists of their own.
    """
    os.environ.update(dict.fromkeys(_SETTINGS, "1"))
