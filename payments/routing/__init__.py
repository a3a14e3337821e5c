"""Which gateway a purchase goes to: rules, then health, then what experience says it is worth."""
