"""From predictions to findings: accuracies, drops, intervals, figures."""
