"""The full-screen terminal application: live views of one snapshot, and the keys that change it."""
