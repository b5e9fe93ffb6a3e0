"""Words of the links to a page's numbers."""

WORDS = {
    "links": "Numbers of this page",
    "colon": ": ",
    "help": "For scripts and spreadsheets: an address of its own with the page’s settings; it trains nothing and answers 202 until all is there.",
}
