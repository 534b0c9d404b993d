"""The sub-commands of ``bedside``, one file each; imported only when asked for."""
