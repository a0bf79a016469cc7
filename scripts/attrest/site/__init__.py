"""What the site is made of: Markdown as HTML, search, downloads, Redoc, and the pages that hold them."""
