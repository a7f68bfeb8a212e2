"""What the commands do once their config stands: data set, networks, finding."""
