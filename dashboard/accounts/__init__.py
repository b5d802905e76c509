"""Who may sign in, who is signed in, and how one gets in; the tables are ``survey/store/engine/declared/accounts.py``."""
