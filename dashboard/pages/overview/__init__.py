"""Overview: how do we stand, is it final, is it real?"""
