"""Pictures and sound: decoding, microphone, folder scanning, thumbnails. Knows no model."""
