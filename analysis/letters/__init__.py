"""The papers of the year's cycle as Word documents that an office goes on editing, from its own templates or from ours."""
