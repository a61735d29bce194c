from PIL import Image


def draw_portrait(human_id, born):
    return Image.new("RGB", (400, 600), "#345")
