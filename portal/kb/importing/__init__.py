"""Documentation that others keep as files, read into articles.

`tree` finds the files, `frontmatter`, `mdx` and `links` turn each into the articles' dialect, all
without a database; `storing` gives them to the editors' service. What could not be done is said in
a `report`, and the file comes all the same where it can.
"""
