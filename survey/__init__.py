"""The way in: questionnaires, sheets of answers, and the store that keeps them."""
