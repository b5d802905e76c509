"""Would the stars be others if something reasonable had been decided otherwise?"""
