"""Which concept a word reaches, and which words name a thing that cannot be drawn."""

from __future__ import annotations

import pytest

from kirin.concepts.concept import Extent, Kind
from kirin.concepts.library import library

ENGLISH = """
dog: dog, puppy, dalmatian, beagle, golden retriever, corgi
cat: cat, kitten, tabby, siamese cat
fox-standing: fox, arctic fox
wolf-standing: wolf, coyote
lion-standing: lion, lioness
bear-standing: bear, grizzly bear
panda-standing: panda
leopard: cheetah, leopard, jaguar
horse: horse, pony, stallion, foal
deer: deer, stag, reindeer
ewe: sheep, lamb
rabbit: rabbit, bunny
monkey: monkey, chimpanzee
fish: fish, trout, salmon, goldfish
whale: whale, humpback whale
bird: bird, sparrow, robin
eagle: eagle, hawk, falcon
dove: pigeon, dove, seagull
honeybee: bee, bumblebee
spider: spider, tarantula
t-rex: dinosaur
man-standing: man, guy, father
woman-standing: woman, lady, mother
person-standing: person, people
girl-standing: girl, little girl
boy-standing: boy
child-standing: child, kid, toddler
old-man-standing: old man, grandfather
old-woman-standing: grandmother
cook-standing: chef, cook, baker
artist-standing: painter, artist
singer-standing: singer, guitarist, violinist
astronaut-standing: astronaut, cosmonaut
police-officer-standing: policeman, police officer
health-worker-standing: doctor, nurse, surgeon
scientist-standing: scientist
office-worker-standing: lawyer, businessman
woman-dancing: ballerina, dancer
person-running: runner, athlete
person-biking: cyclist
robot-standing: robot, android
person-mage-standing: wizard
woman-merpeople: mermaid
dragon: dragon
unicorn-standing: unicorn
automobile: car, automobile, sedan, limousine
racing-car: sports car, race car
delivery-truck: truck
bus: bus, school bus
motorcycle: motorcycle, motorbike
bicycle: bicycle, bike
train: train
airplane: airplane, plane, fighter jet
rocket: rocket, spaceship
sailboat: sailboat, yacht
ship: ship, warship
flying-saucer: ufo
hot-beverage: coffee, espresso, cappuccino, coffee cup
wine-glass: wine, wine glass
beer-mug: beer
birthday-cake: cake, birthday cake
red-apple: apple
tangerine: orange
hamburger: hamburger, burger
steaming-bowl: noodles, ramen
lotion-bottle: perfume bottle, perfume
running-shoe: sneaker
headphone: headphones
mobile-phone: smartphone, phone
watch: watch, wristwatch
laptop: laptop
chair: chair, armchair
couch-and-lamp: sofa, couch
framed-picture: painting, portrait
umbrella: umbrella
red-paper-lantern: lantern
deciduous-tree: tree, oak
evergreen-tree: pine, spruce
palm-tree: palm tree
rose: rose
cherry-blossom: cherry blossom
house: house, cottage
castle: castle, fortress
office-building: skyscraper
full-moon: moon
ringed-planet: saturn
fireworks: fireworks
guitar: guitar, electric guitar
violin: violin, cello
dagger: sword, katana
fire: fire, campfire
"""

CHINESE = """
cat: 猫 小猫 橘猫 猫咪
dog: 狗 小狗 柯基 金毛
fox-standing: 狐狸 九尾狐
panda-standing: 熊猫 大熊猫
rabbit: 兔子 小白兔
horse: 马 骏马
tiger: 老虎
dragon: 龙 巨龙
phoenix-bird: 凤凰
eagle: 老鹰
bird: 小鸟 麻雀
whale: 鲸鱼
fish: 鱼 锦鲤
butterfly: 蝴蝶
man-standing: 男人 男子
woman-standing: 女人 少女
girl-standing: 女孩 小女孩
boy-standing: 男孩
child-standing: 孩子
old-man-standing: 老人 老爷爷
robot-standing: 机器人
astronaut-standing: 宇航员
cook-standing: 厨师
singer-standing: 歌手
health-worker-standing: 医生
woman-dancing: 舞者
woman-merpeople: 美人鱼
racing-car: 跑车 赛车
automobile: 汽车
motorcycle: 摩托车
bicycle: 自行车
bullet-train: 高铁
airplane: 飞机
rocket: 火箭 飞船
sailboat: 帆船
canoe: 小船
hot-beverage: 咖啡 咖啡杯
teacup-without-handle: 茶 茶杯
lotion-bottle: 香水瓶 香水
running-shoe: 运动鞋
headphone: 耳机
mobile-phone: 手机
watch: 手表
umbrella: 雨伞 油纸伞
red-paper-lantern: 灯笼 孔明灯
steaming-bowl: 面条 拉面
dumpling: 饺子
red-apple: 苹果
watermelon: 西瓜
cherry-blossom: 樱花 花瓣
lotus: 荷花
tanabata-tree: 竹子
deciduous-tree: 树 大树
house: 房子 小木屋
castle: 城堡
office-building: 摩天大楼
japanese-castle: 宝塔
full-moon: 月亮
sun: 太阳
fireworks: 烟花
guitar: 吉他
musical-keyboard: 钢琴
dagger: 剑
fire: 篝火
"""

NOT_DRAWN = [
    *("table", "desk", "espresso machine", "lighthouse", "windmill", "chandelier", "drone", "gun"),
    *("traffic light", "pyramid", "bookshelf", "curtain", "carpet", "fork", "tank", "submarine"),
    *("hot air balloon", "helmet", "harp", "clarinet", "pumpkin", "iceberg", "galaxy", "armadillo"),
    *("桌子", "书架", "无人机", "红绿灯", "灯塔", "金字塔", "热气球", "盔甲", "南瓜", "冰箱"),
]

NO_THINGS = ["beautiful", "run", "love", "background", "shot", "light", "walk", "美丽", "奔跑"]


def pairs(table: str) -> list[tuple[str, str]]:
    """(word, concept) of the lines of a table."""
    found = []
    for line in table.strip().splitlines():
        concept, words = line.split(": ")
        separator = ", " if "," in words or words.isascii() else " "
        found += [(word, concept) for word in words.split(separator)]
    return found


def test_the_tables_are_long_enough() -> None:
    assert len(pairs(ENGLISH)) >= 150
    assert len(pairs(CHINESE)) >= 80
    assert len(NOT_DRAWN) >= 30


@pytest.mark.parametrize(("word", "concept"), pairs(ENGLISH) + pairs(CHINESE))
def test_a_word_reaches_its_concept(word: str, concept: str) -> None:
    found = library().find(word)
    assert found is not None
    assert found.concept.id == concept
    assert library().is_concrete(word)


@pytest.mark.parametrize("word", NOT_DRAWN)
def test_a_thing_without_art_is_known_as_a_thing(word: str) -> None:
    assert library().find(word) is None
    assert library().is_concrete(word)


@pytest.mark.parametrize("word", NO_THINGS)
def test_other_words_are_no_things(word: str) -> None:
    assert library().find(word) is None
    assert not library().is_concrete(word)


def test_how_a_word_got_there_is_told() -> None:
    direct, wider = library().find("guitar"), library().find("ukulele")
    assert direct is not None
    assert (direct.how, direct.distance) == ("name", 0)
    assert wider is not None
    assert (wider.concept.id, wider.how, wider.distance) == ("guitar", "hypernym", 1)


def test_case_and_hyphens_make_no_difference() -> None:
    for word in ("Sports-Car", "sports  car", "SPORTS CAR"):
        found = library().find(word)
        assert found is not None
        assert found.concept.id == "racing-car"


def test_a_symbol_is_found_by_its_name_alone() -> None:
    found = library().find("chart increasing")
    assert found is None or found.how == "name"
    assert all(
        match.how == "name"
        for word in ("sunrise", "yin yang", "right arrow", "pisces")
        if (match := library().find(word)) and match.concept.kind is Kind.SYMBOL
    )


def test_people_are_whole_where_they_can_be() -> None:
    for word in ("man", "woman", "girl", "king", "princess", "wizard", "farmer", "女孩", "警察"):
        found = library().find(word)
        assert found is not None
        assert found.concept.extent is Extent.WHOLE, word


def test_chinese_words_for_the_segmenter() -> None:
    words = library().chinese_words()
    assert len(words) >= 1500
    assert {"橘猫", "咖啡杯", "桌子"} <= words
