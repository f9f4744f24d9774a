"""The site that simulated visitors walk through, and how they come to it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """One page; ``height`` is that of the document in CSS pixels, ``pull`` how often it is chosen."""

    path: str
    title: str
    height: int
    pull: float


HOST = "shop.example.com"
APP_ID = "shop"

PAGES: tuple[Page, ...] = (
    Page("/", "Home", 3200, 8),
    Page("/boots", "Boots", 5200, 6),
    Page("/boots/alpine", "Alpine boots", 2900, 5),
    Page("/boots/trail", "Trail boots", 2850, 4),
    Page("/jackets", "Jackets", 4800, 5),
    Page("/jackets/down", "Down jacket", 3100, 4),
    Page("/jackets/shell", "Shell jacket", 3050, 3),
    Page("/tents", "Tents", 4100, 3),
    Page("/tents/two-person", "Tent for two", 2700, 2),
    Page("/sale", "Sale", 6100, 5),
    Page("/guides/layering", "How to layer", 7400, 3),
    Page("/guides/waterproofing", "Care for waterproofs", 6900, 2),
    Page("/search", "Search", 2400, 3),
    Page("/basket", "Basket", 1800, 2),
    Page("/contact", "Contact", 1600, 1),
)

REFERERS: tuple[tuple[str, float], ...] = (
    ("", 34),
    ("https://www.google.com/", 26),
    ("https://www.bing.com/search?q=waterproof+boots", 5),
    ("https://duckduckgo.com/", 3),
    ("https://search.yahoo.com/search?p=down+jacket", 1),
    ("https://www.facebook.com/", 6),
    ("https://l.instagram.com/", 4),
    ("https://t.co/8kQ2vYx1Rz", 2),
    ("https://www.reddit.com/r/hiking/", 2),
    ("https://www.youtube.com/", 2),
    ("https://chatgpt.com/", 4),
    ("https://www.perplexity.ai/", 1),
    ("https://mail.google.com/", 2),
    ("https://news.example.org/gear-of-the-year", 4),
)
"""Where visits come from, with weights; the empty one is a direct visit."""

CAMPAIGNS: tuple[tuple[str, float], ...] = (
    ("", 64),
    ("utm_source=google&utm_medium=cpc&utm_campaign=brand&gclid={click}", 12),
    ("utm_source=google&utm_medium=cpc&utm_campaign=winter-26&utm_term=alpine%20boots&gclid={click}", 6),
    ("utm_source=newsletter&utm_medium=email&utm_campaign=first-snow&utm_content=top", 8),
    ("utm_source=facebook&utm_medium=paid_social&utm_campaign=winter-26&fbclid={click}", 5),
    ("utm_source=bing&utm_medium=cpc&utm_campaign=brand&msclkid={click}", 3),
    ("utm_source=partner&utm_medium=affiliate&utm_campaign=gear-guide", 2),
)

LANGUAGES: tuple[tuple[str, str, float], ...] = (
    ("en-GB", "Europe/London", 30),
    ("en-US", "America/New_York", 30),
    ("de-DE", "Europe/Berlin", 16),
    ("fr-FR", "Europe/Paris", 10),
    ("ja-JP", "Asia/Tokyo", 6),
    ("sv-SE", "Europe/Stockholm", 5),
    ("pt-BR", "America/Sao_Paulo", 3),
)
"""Browser language, time zone, weight."""

SAMPLE_INPUTS: tuple[str, ...] = (
    "hello snowmelt",
    "are the alpine boots waterproof?",
    "size 43, wide",
    "free returns",
    "Schneeschuhe für Anfänger",
    "chaussures de randonnée",
    "雪山 ブーツ",
    "when does the sale end?",
    "tent with two doors",
    "O'Brien; drop table",
    "<b>bold</b>",
    "tab\tand\nnewline",
)
"""What is typed into the sample text box, odd characters included."""
