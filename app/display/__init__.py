"""The DISPLAY process: Qt."""
