"""What may be shown: one decision over a stated family of tables, so that nothing follows by subtraction."""
