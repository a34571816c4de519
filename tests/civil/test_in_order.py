"""Lists stand in the order of the readers' alphabet."""

from __future__ import annotations

from salyq.civil.reader import in_order


def test_kazakh_letters_stand_beside_their_neighbours() -> None:
    words = ["Цифр", "Қор", "Лицензия", "Ән", "Бап", "Еңбек", "Ёлка", "Ұлт", "Уақыт", "Іс", "Ысты", "Kraken", "Кен"]
    assert sorted(words, key=in_order) == [
        *("Kraken", "Ән", "Бап", "Еңбек", "Ёлка", "Кен", "Қор", "Лицензия", "Уақыт", "Ұлт", "Цифр", "Ысты", "Іс"),
    ]
