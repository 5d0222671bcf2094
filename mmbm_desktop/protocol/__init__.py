"""Frozen records: all that crosses a thread or a process. Imports only `base`; holds no behaviour."""
