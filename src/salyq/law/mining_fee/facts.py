"""What the fee asks about."""

from __future__ import annotations

from salyq.rulebook.nodes import Amount, Count, Day, Energy, Flag, Text
from salyq.rulebook.rows import Row, fact


class Reading(Row):
    """A meter reading, or the part of one that lies in one quarter and under one rate."""

    words = ("Есептеу аспабының көрсеткіші", "Показание прибора учёта", "Meter reading")
    parent = "quarter"
    day: Day = fact("Күні", "День", "Day")
    # as metered; absent where the row gives none
    energy: Energy = fact("Есептеу аспабының көрсеткіші", "Показание прибора учёта", "Meter reading")
    # of a reading that is divided: all of it, its days, and the days of this part
    whole_energy: Energy = fact("Көрсеткіш түгел", "Всё показание", "The whole reading", told=True)
    whole_days: Count = fact("Көрсеткіш күндері", "Дней в показании", "Days of the reading", told=True)
    own_days: Count = fact("Осы бөліктің күндері", "Дней в этой части", "Days of this part", told=True)
    # of power reckoned by hours
    hours: Count = fact("Сағат", "Часов", "Hours", told=True)
    greatest_power: Count = fact("Ең жоғары қуат, кВт", "Наибольшая мощность, кВт", "Greatest power, kW", told=True)
    licence_number: Text = fact("Лицензия нөмірі", "Номер лицензии", "Licence number", told=True)
    metered: Flag = fact("Есептеу аспабы жарамды", "Прибор учёта исправен", "The meter works")
    # elapsed hours × greatest power, without a working meter
    hours_at_full_power: Energy = fact("Сағат × ең жоғары қуат", "Часы × наибольшая мощность", "Hours × greatest power")
    own_plant: Flag = fact("Өз станциясы", "Собственная станция", "Own plant")
    renewable: Flag = fact("Жаңартылатын көз", "Возобновляемый источник", "Renewable source")
    grid_connected: Flag = fact("Бірыңғай желіге қосылған", "Подключена к единой сети", "Connected to the unified grid")
    price_per_kwh: Amount = fact("1 кВт·сағ бағасы", "Цена 1 кВт·ч", "Price per kWh")
    licensed: Flag = fact("Майнинг лицензиясы бар", "Есть лицензия на майнинг", "Holds a mining licence")
    hosted: Flag = fact("Басқалардың машиналары", "Чужие машины", "Machines of others")
