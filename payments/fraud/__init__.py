"""How risky a purchase is: velocity, rules, lists, an anomaly score and a trained model, with reasons."""
