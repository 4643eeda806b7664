"""Addresses that do something when they are asked for are left; goods may be called anything."""

import pytest

from netpatrol.text.acts import acts

ACTS = (
    "/admin/news_del.asp?id=3", "/admin/", "/wp-admin/edit.php", "/news_del.asp?id=3", "/del.php?id=1", "/delNews.asp?id=1", "/NEWSDEL.ASP?id=1",
    "/delete.php?id=1", "/goods/delete/3", "/Home/News/del/id/3.html", "/buy.php?id=3", "/BuyNow.aspx?id=3", "/flow.php?step=add_to_cart&goods_id=3",
    "/vote.php", "/vote.php?id=3", "/user.php?act=collect&id=3", "/user.php?act=logout", "/logout", "/user/logout.html", "/addToCart.do",
    "/cart_add.php?id=3", "/index.php?m=cart&a=add&id=3", "/member.php?mod=logging&action=logout&formhash=ab12cd", "/x?add-to-cart=31",
    "/archives/3?like_comment=3&_wpnonce=ab12", "/plus/stow.php?aid=3", "/cart.php?action=drop_goods&id=3", "/x.asp?op=delete",
)  # fmt: skip
SHOWS = (
    "/news/delicious.html", "/product/add-on-kit", "/product/add-on-kit?id=3", "/post/123.html", "/post.php?id=3", "/order.html", "/member.html",
    "/paylater-intro.html", "/buy.html", "/buy/", "/how_to_buy.html", "/buy_guide.php?id=3", "/buyguide.php?id=1", "/delivery.php?id=3",
    "/delta.asp?id=3", "/deluxe.php", "/payment.php", "/add-in/list.php?page=2", "/collection.php?id=3", "/collect.php?id=3", "/like.php?id=3",
    "/list.php?cat=delicious", "/goods.php?act=list", "/forum.php?mod=viewthread&tid=3", "/search.php?action=search&kw=del", "/cart.php",
    "/user.php?act=login", "/administration/x.php", "/products/admin-desk.html", "/goods/3?name=del", "/clear-honey", "/save-the-bees.html",
    "/index.php?step=2", "/favorites.php", "/votes.html", "/item.php?id=3", "/x.php?act=view", "/#/goods/3", "/", "/emptyhouse.asp?id=1",
)  # fmt: skip


@pytest.mark.parametrize("path", ACTS)
def test_what_does_something_is_known_by_its_address(path):
    assert acts("http://a.example" + path)


@pytest.mark.parametrize("path", SHOWS)
def test_in_doubt_an_address_shows_something(path):
    assert not acts("http://a.example" + path)
