"""People beside networks, on the pictures of the human study only.

The study is N. Ollikka, A. Abbas, A. Perin, M. Kilpelainen and S. Deny, "A comparison between humans and AI at
recognizing objects in unusual poses" (Transactions on Machine Learning Research, January 2025). Its answers are files
of the public repository ``BRAIN-Aalto/unusual_poses``, which has no licence: they are read where the user has them, or
fetched at the user's wish, and never come with this package.
"""
