"""What visitors browse with: user agents with screens, client hints and how common each is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Device:
    """One browser on one machine. Sizes are CSS pixels; ``hints`` is None for browsers without client hints."""

    user_agent: str
    screen: tuple[int, int]
    viewport: tuple[int, int]
    pixel_ratio: float
    weight: float
    hints: Mapping[str, Any] | None = None

    @property
    def sec_ch_ua(self) -> str | None:
        """The low-entropy client hint header a Chromium browser sends by itself."""
        if self.hints is None:
            return None
        return ", ".join(f'"{brand["brand"]}";v="{brand["version"]}"' for brand in self.hints["brands"])


def _hints(platform: str, version: str, *, major: str, mobile: bool = False, model: str = "") -> dict[str, Any]:
    return {
        "isMobile": mobile,
        "brands": [
            {"brand": "Chromium", "version": major},
            {"brand": "Google Chrome", "version": major},
            {"brand": "Not.A/Brand", "version": "99"},
        ],
        "architecture": "" if mobile else "x86",
        "model": model,
        "platform": platform,
        "uaFullVersion": f"{major}.0.7632.77",
        "platformVersion": version,
    }


_CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{major}.0.0.0{mobile} Safari/537.36"


def _chrome(system: str, major: str, *, mobile: bool = False) -> str:
    return f"Mozilla/5.0 ({system}) " + _CHROME.format(major=major, mobile=" Mobile" if mobile else "")


def _safari(system: str, version: str, *, phone: bool) -> str:
    mobile = "Mobile/15E148 " if phone else ""
    return f"Mozilla/5.0 ({system}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{version} {mobile}Safari/605.1.15"


_IPHONE = "iPhone; CPU iPhone OS 18_7 like Mac OS X"
_IPAD = "iPad; CPU OS 18_6 like Mac OS X"
_MAC = "Macintosh; Intel Mac OS X 10_15_7"
_WINDOWS = "Windows NT 10.0; Win64; x64"

DEVICES: tuple[Device, ...] = (
    Device(_chrome(_WINDOWS, "145"), (1920, 1080), (1903, 969), 1, 22, _hints("Windows", "15.0.0", major="145")),
    Device(_chrome(_WINDOWS, "144"), (1536, 864), (1519, 730), 1.25, 8, _hints("Windows", "10.0.0", major="144")),
    Device(_chrome(_MAC, "145"), (1440, 900), (1440, 789), 2, 11, _hints("macOS", "15.3.0", major="145")),
    Device(_chrome("X11; Linux x86_64", "145"), (2560, 1440), (2545, 1300), 1, 3, _hints("Linux", "", major="145")),
    Device(
        _chrome("Linux; Android 10; K", "145", mobile=True),
        (412, 915),
        (412, 785),
        2.625,
        17,
        _hints("Android", "15.0.0", major="145", mobile=True, model="Pixel 9"),
    ),
    Device(
        _chrome("Linux; Android 10; K", "143", mobile=True),
        (360, 800),
        (360, 668),
        3,
        7,
        _hints("Android", "14.0.0", major="143", mobile=True, model="SM-A546B"),
    ),
    Device(
        _chrome(_WINDOWS, "145") + " Edg/145.0.0.0",
        (1920, 1080),
        (1905, 940),
        1,
        6,
        _hints("Windows", "15.0.0", major="145"),
    ),
    Device(_safari(_IPHONE, "18.7", phone=True), (393, 852), (393, 659), 3, 15),
    Device(_safari(_IPAD, "18.6", phone=True), (820, 1180), (820, 1081), 2, 2),
    Device(_safari(_MAC, "18.5", phone=False), (1512, 982), (1512, 857), 2, 5),
    Device(f"Mozilla/5.0 ({_WINDOWS}; rv:147.0) Gecko/20100101 Firefox/147.0", (1920, 1080), (1920, 955), 1, 2),
    Device("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", (1920, 1200), (1920, 1080), 1, 1),
)

BOTS: tuple[Device, ...] = (
    Device(
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", (1024, 1024), (1024, 1024), 1, 4
    ),
    Device("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", (1024, 768), (1024, 768), 1, 2),
    Device(
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/145.0.0.0 Safari/537.36",
        (800, 600),
        (800, 600),
        1,
        3,
    ),
)
"""Programs that run a page's scripts, so that a tracker speaks for them too."""
