"""The CORE process: devices, alarms, record. No Qt anywhere in it."""
