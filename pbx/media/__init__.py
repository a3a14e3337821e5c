"""Sound on the wire: codecs that do no input or output, and the streams that do."""
