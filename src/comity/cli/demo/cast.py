"""Who plays in the demonstration: fictional persons with their offices and roles."""

from typing import Final

UNTIL: Final = "2027-11-24T00:00:00.000Z"

BANNER: Final = "DEMONSTRATION · public data · fictional markings"

SEOUL: Final = {
    "kim": ("김민준 Kim Min-jun", "KOR/KDIA", ["desk-officer"]),
    "park": ("박서연 Park Seo-yeon", "KOR/KDIA", ["releasing-authority"]),
    "yoon": ("윤서준 Yoon Seo-jun", "KOR/KDIA", ["desk-officer", "releasing-authority"]),
    "choi": ("최지우 Choi Ji-woo", "KOR/REGISTRY", ["registry-officer"]),
    "han": ("한도윤 Han Do-yun", "KOR/KDIA", ["custodian"]),
    "minister-kor": ("장관 The Minister", "KOR/MND", ["signatory", "official"]),
    "deputy-kor": ("이하은 Lee Ha-eun", "KOR/REGISTRY", ["administrator"]),
}

TOKYO: Final = {
    "sato": ("佐藤 葵 Sato Aoi", "JPN/DIH", ["desk-officer", "official"]),
    "tanaka": ("田中 蓮 Tanaka Ren", "JPN/DIH", ["releasing-authority"]),
    "suzuki": ("鈴木 陽菜 Suzuki Hina", "JPN/REGISTRY", ["registry-officer"]),
    "ito": ("伊藤 湊 Ito Minato", "JPN/DIH", ["custodian"]),
    "mori": ("森 結衣 Mori Yui", "JPN/MOD", ["designating-officer"]),
    "abe": ("阿部 樹 Abe Itsuki", "JPN/DIH", ["official"]),
    "ueda": ("上田 凛 Ueda Rin", "JPN/DIH", ["official"]),
    "minister-jpn": ("大臣 The Minister", "JPN/MOD", ["signatory", "official"]),
    "deputy-jpn": ("小林 新 Kobayashi Arata", "JPN/REGISTRY", ["administrator"]),
}

WASHINGTON: Final = {
    "adams": ("Nora Adams", "USA/DIA", ["desk-officer", "official"]),
    "baker": ("Miles Baker", "USA/DIA", ["releasing-authority"]),
    "clark": ("June Clark", "USA/REGISTRY", ["registry-officer"]),
    "davis": ("Owen Davis", "USA/DIA", ["custodian"]),
    "minister-usa": ("The Secretary", "USA/DOD", ["signatory", "official"]),
    "deputy-usa": ("Ruth Evans", "USA/REGISTRY", ["administrator"]),
}
