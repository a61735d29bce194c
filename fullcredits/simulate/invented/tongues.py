"""Names and places by the language they come from. None is meant to be anyone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tongue:
    """Names and birthplaces of one language; the shape of a full name is ``pattern``.

    ``weight`` is how often the language is drawn, in parts of all weights. ``stress`` is how
    often (0 to 1) a second given or family name is joined on by ``joiner``.
    """

    weight: int
    given: tuple[str, ...]
    family: tuple[str, ...]
    places: tuple[str, ...]
    pattern: str = "{given} {family}"
    joiner: str = "-"
    stress: float = 0.0


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";"))


TONGUES: tuple[Tongue, ...] = (
    Tongue(
        34,
        _words(
            "Ada Alma Aubrey Beatrix Bram Calla Cedric Clem Dorothea Edwin Effie Elspeth Ezra "
            "Fern Fergus Gideon Greta Harlan Hattie Hollis Imogen Ira Jocelyn Josiah Juno Keziah "
            "Lachlan Leander Linus Lorna Mabel Magnus Marlowe Merrin Nell Nessa Odell Ottilie "
            "Perrin Petra Philippa Quentin Ramona Rosalind Rufus Selwyn Sylvie Tamsin Thaddeus "
            "Theodora Ursula Verity Wendell Wilhelmina Winifred Zadie"
        ),
        _words(
            "Abernethy Ashgrove Barrowby Birtwhistle Blackmoor Bramhall Calloway Carrick Cobbold "
            "Corrigan Dunmore Eastlake Fairweather Fenwick Garrity Greaves Hallam Harrowgate "
            "Hathersage Holloway Inchbald Kettering Kilbride Langstaff Lattimore Lockhart "
            "Maddox Marchbanks McQuarrie Merriweather Nightingale O'Halloran O'Shaughnessy Okell "
            "Osgood Pemberley Penhaligon Quill Radcliffe Ravenscroft Rusholme Satterthwaite "
            "Sorley Stanhope Tolliver Trevelyan Underhill Vance Wainwright Wetherby Whitlock "
            "Winterbourne Wrexham Yardley"
        ),
        _phrases(
            "Leeds, England; Galway, Ireland; Duluth, Minnesota, USA; Savannah, Georgia, USA; "
            "Halifax, Nova Scotia, Canada; Hobart, Tasmania, Australia; Dundee, Scotland; "
            "Tacoma, Washington, USA; Dunedin, New Zealand; Swansea, Wales; Tulsa, Oklahoma, USA"
        ),
        stress=0.05,
    ),
    Tongue(
        10,
        _words(
            "Amélie Anaïs Aurélien Baptiste Bérénice Célestin Cléo Corentin Éloïse Étienne "
            "Fabien Fleur Gaëlle Gwenaël Hélène Hugo Inès Jérôme Léonie Loïc Margaux Maël "
            "Océane Perrine Quentin Raphaël Solène Thaïs Valère Zoé"
        ),
        _words(
            "Arnaudet Beauchêne Bellerose Castaing Châtelain Deschanet Duvernoy Fontanelle "
            "Gauthreau Grandjean Hérault Joubertin Lacaze Larivière Lemonnier Mercadier Montbrun "
            "Noirétable Peyrol Quémeneur Rochefontaine Saint-Yves Térieux Vaucluse Verdoyer"
        ),
        _phrases("Nantes, France; Liège, Belgium; Québec, Canada; Lausanne, Switzerland; Dakar"),
        stress=0.15,
    ),
    Tongue(
        10,
        _words(
            "Abril Agustín Begoña Belén Candela Ciro Dolores Eusebio Fermín Gael Graciela "
            "Héctor Íñigo Itziar Jimena Joaquín Leonor Lucía Martín Nuria Octavio Paloma Ramiro "
            "Rocío Santiago Soledad Tomás Úrsula Valentín Ximena"
        ),
        _words(
            "Albornoz Arizmendi Barrientos Castañeda Cienfuegos Echeverría Figueredo Galdámez "
            "Goicoechea Ibáñez Jáuregui Larrañaga Montalvo Muñoz Núñez Ordóñez Peñalver Quirós "
            "Robledo Saavedra Tejada Urquiza Villaseñor Yáñez Zamudio"
        ),
        _phrases(
            "Valparaíso, Chile; Bilbao, Spain; Mérida, Mexico; Rosario, Argentina; Cuenca, Ecuador"
        ),
        "{given} {family} {other}",
        stress=0.0,
    ),
    Tongue(
        7,
        _words(
            "Anneliese Bastian Dörte Eckart Friederike Gerwin Heidrun Ingmar Jörg Käthe Lüder "
            "Marlene Niklas Ottokar Ruprecht Sünje Thorben Ulrike Volker Wiebke"
        ),
        _words(
            "Altmühl Brückner-Lenz Dürrenfeld Eichstätt Fährmann Grünewalder Hölderich Jägerstein "
            "Köstlin Lindenthal Müllenhoff Oberländer Pförtner Rüttgers Schönborn Steinwärder "
            "Überreiter Vogelsang Weißenfels Zürn"
        ),
        _phrases("Graz, Austria; Lübeck, Germany; Görlitz, Germany; St. Gallen, Switzerland"),
        stress=0.04,
    ),
    Tongue(
        6,
        _words(
            "Åsa Bjørn Eirik Freyja Gunnhild Håkon Ingrid Jökull Kjersti Lárus Maj Njáll Ørjan "
            "Ragnhild Sølve Torbjørn Unnur Vigdís Ylva Þóra"
        ),
        _words(
            "Aspelund Bergström Dalgård Eldjárn Fjeldsøe Grønvold Hallström Ísfeld Jónsdóttir "
            "Kjølstad Lindqvist Måneskiöld Nygård Ødegaard Rosenørn Sjöström Þórsson Vestergaard"
        ),
        _phrases("Tromsø, Norway; Akureyri, Iceland; Malmö, Sweden; Aarhus, Denmark"),
    ),
    Tongue(
        6,
        _words(
            "Agnieszka Božena Dobromir Ewelina Grażyna Jiří Kateřina Ludmiła Małgorzata Ondřej "
            "Przemysław Radosław Šárka Tomáš Václav Wanda Zdeněk Żaneta"
        ),
        _words(
            "Błaszczak Černohorský Dąbrówka Gołębiowski Hrdlička Jabłoński Křenek Łoziński "
            "Novotná-Skála Orzeł Pšenička Rzepecki Šebestová Świątek Wójtowicz Żurawski"
        ),
        _phrases("Łódź, Poland; Brno, Czechia; Košice, Slovakia; Gdańsk, Poland"),
    ),
    Tongue(
        6,
        _words(
            "Seo-yun Ji-ho Min-seo Do-hyun Ha-eun Jae-won Soo-ah Tae-yang Ye-rin Kyung-mi "
            "Woo-jin Na-ri Sung-ho Eun-byul Chan-mi Hyun-soo"
        ),
        _words("Baek Bong Cheon Gwak Hwangbo Jegal Ma Namgung Ok Sagong Seonu Tak Um Wi"),
        _phrases("Jeonju, South Korea; Busan, South Korea; Gangneung, South Korea"),
        "{family} {given}",
    ),
    Tongue(
        6,
        _words(
            "Adaeze Babajide Chidimma Damilola Ebele Folarin Ikenna Kambili Nkiru Olúṣọlá "
            "Ọmọtọ́lá Temiloluwa Uzoma Yetunde Zainab Kwabena Akosua Thandeka Sibusiso Wanjiru"
        ),
        _words(
            "Adébáyọ̀ Akinwande Chukwurah Ezenwa Fáṣọlá Igwebuike Kehinde-Cole Mabuza Njoroge "
            "Obiechina Ogunbanwo Owusu-Mensah Sithebe Umeadi Zulumoja"
        ),
        _phrases("Ibadan, Nigeria; Kumasi, Ghana; Nakuru, Kenya; Durban, South Africa"),
    ),
    Tongue(
        6,
        _words(
            "Aarohi Bhaskar Charulata Devika Eshwar Gauri Harsha Ishaan Jahnavi Kunal Lalitha "
            "Meenakshi Nandini Omkar Padmaja Raghav Sarayu Tanvi Urvashi Vikram"
        ),
        _words(
            "Acharekar Balasubramaniam Chakrapani Deshmukhya Easwaran Gokhaleshwar Hariharanath "
            "Iyengarpet Joglekar Kulasekhar Mahabaleshwar Namboothirippad Pisharody Rajwade "
            "Sundarakumar Thiruvalam Upadhye Venkatraghavan"
        ),
        _phrases("Mysuru, India; Kochi, India; Pune, India; Jaffna, Sri Lanka"),
    ),
    Tongue(
        4,
        _words("Ayşegül Barış Çiğdem Doğukan Elif Gökçe Işıl Kıvanç Mücella Nilüfer Özge Şükrü"),
        _words("Akgündüz Bozkırlı Çakırcalı Dağdeviren Erdoğmuş Gümüşhan İnceoğlu Kılıçaslan Öz"),
        _phrases("İzmir, Turkey; Eskişehir, Turkey; Trabzon, Turkey"),
    ),
    Tongue(
        4,
        _words("Anselmo Bento Conceição Davi Eloá Flávio Iolanda João Luísa Otávio Raíssa Tainá"),
        _words(
            "Albuquerque Brandão Camargo Figueirôa Guimarães Lourenço Magalhães Sertório Taveira"
        ),
        _phrases("Belém, Brazil; Coimbra, Portugal; Olinda, Brazil; Mindelo, Cabo Verde"),
        "{given} {family} {other}",
    ),
    Tongue(
        3,
        _words("明日香 一樹 彩乃 健吾 小春 慎二 千尋 直人 美咲 龍之介 遥 雪乃"),
        _words("朝比奈 有馬 稲葉 鵜飼 小野寺 桐生 久我 白鳥 鷹司 七瀬 氷室 水無月"),
        _phrases("金沢市; 松山市; 函館市"),
        "{family}{given}",
    ),
    Tongue(
        3,
        _words("静宜 浩然 雨桐 子涵 思远 若溪 建国 美玲 晓东 雪莹"),
        _words("欧阳 上官 司徒 慕容 诸葛 夏侯 端木 南宫"),
        _phrases("苏州; 昆明; 高雄"),
        "{family}{given}",
    ),
    Tongue(
        3,
        _words("عبير باسل داليا فراس غادة هيثم ليلى مروان نادين رامي سلمى طارق ياسمين زياد"),
        _words("البستاني الحكواتي الديراني الزغبي السمّان الشهابي العطّار القصّاب النجّار الورّاق"),
        _phrases("طرابلس; حلب; الإسكندرية"),
    ),
    Tongue(
        2,
        _words("אביגיל ברק גליה דרור הדס יונתן ליאור מעיין נועה עידו רותם שלומית תומר"),
        _words("אלקיים בן־חורין גרינפלד דרומי חרמוני כרמלי נחמיאס עמרני פרידלנד שרעבי"),
        _phrases("חיפה; באר שבע"),
    ),
    Tongue(
        3,
        _words("Аглая Богдан Варвара Глеб Есения Захар Иннокентий Лада Мирон Оксана Савелий Ярина"),
        _words("Белозёров Вересаев Громыхало Журавлёва Калиновська Лихачёва Метелица Серебряк"),
        _phrases("Томск; Чернівці; Вологда"),
    ),
    Tongue(
        2,
        _words("Αγγελική Βασίλης Δέσποινα Ελπίδα Θεμιστοκλής Ιάσονας Καλλιόπη Μυρτώ Ορέστης"),
        _words("Αντωνάτος Βουλγαρέλης Δρακοπούλου Καλαμαριά Μελισσινός Ξυδάκης Παπαχρόνης"),
        _phrases("Χανιά; Ιωάννινα"),
    ),
    Tongue(
        3,
        _words("Đăng Hạnh Khánh Liên Minh Ngọc Phương Quỳnh Sơn Thảo Tuấn Yến"),
        _phrases("Bùi Thị; Đặng Hoài; Đỗ Văn; Huỳnh Gia; Lê Đức; Nguyễn Bảo; Phạm Thanh; Trần Mai"),
        _phrases("Huế, Vietnam; Đà Lạt, Vietnam"),
        "{family} {given}",
    ),
)
