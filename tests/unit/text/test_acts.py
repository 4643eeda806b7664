"""Addresses that do something when they are asked for are left; goods may be called anything."""

import pytest

from netpatrol.text.acts import acts

ACTS = (
    "/admin/news_del.asp?id=3", "/admin/", "/wp-admin/edit.php", "/news_del.asp?id=3", "/del.php?id=1", "/delNews.asp?id=1", "/NEWSDEL.ASP?id=1",
    "/delete.php?id=1", "/goods/delete/3", "/Home/News/del/id/3.html", "/buy.php?id=3", "/BuyNow.aspx?id=3", "/flow.php?step=add_to_cart&goods_id=3",
    "/vote.php", "/vote.php?id=3", "/user.php?act=collect&id=3", "/user.php?act=logout", "/logout", "/user/logout.html", "/addToCart.do",
    "/cart_add.php?id=3", "/index.php?m=cart&a=add&id=3", "/member.php?mod=logging&action=logout&formhash=ab12cd", "/x?add-to-cart=31",
    "/archives/3?like_comment=3&_wpnonce=ab12", "/plus/stow.php?aid=3", "/cart.php?action=drop_goods&id=3", "/x.asp?op=delete",
    # behind the controller, before what it is done to
    "/index.php/Home/Cart/add/id/3", "/index.php/Home/User/collect/goods_id/3", "/index.php/Home/Goods/zan/id/3.html", "/home/order/cancel/id/3",
    "/index.php?s=/cart/addcart/id/3.html", "/index.php?s=/Home/Order/cancel/order_id/3", "/index.php?r=cart/add&id=3", "/?route=account/logout",
    "/index.php?m=home&c=cart&a=ajax_add_cart&goods_id=3", "/index.php?m=home&c=cart&a=plus&id=3", "/index.php/Home/Cart/clear.html",
    "/message/remove/id/3", "/shop/cart/plus?id=3", "/cart/update/3", "/coupon/receive?id=3", "/news/praise?id=3", "/api/like/3", "/cart/add/3",
    "/user/tuichu", "/member/exit", "/order/cancel/3.html", "/cart/clear", "/postdel/3.html", "/index.php/Article/like/id/3",
    "/index.php?act=member_favorites&op=favoritesgoods&fid=3", "/index.php?m=goods&c=x&a=do_favorite&id=3", "/goods/collect?id=3",
    "/Home/User/favGoods/goods_id/12", "/Order/Delete?id=3", "/index.php/admin/news/del/id/3",
    # EmpireCMS
    "/e/ShopSys/doaction.php?enews=AddBuycar&classid=1&id=3", "/e/enews/?enews=exit", "/e/ShopSys/doaction.php?enews=ClearBuycar",
    # names of parameters that are deeds
    "/?wishlist_add=3", "/gb.asp?delid=3", "/index.asp?cart=clear", "/index.asp?order=cancel", "/list.asp?page=2&removeItem=3",
    "/shop.asp?clear_cart", "/shop.asp?add_goods=5", "/news.asp?id=3&action=ding", "/x.asp?deleteids=1,2",
    # programs
    "/admin_del.asp?id=3", "/guest_del.asp?id=3", "/basket.asp?add=3", "/buycar.asp?id=3", "/gwc.asp?pid=3", "/shopcart.asp?ProductId=3",
    "/shopcar.asp?id=3", "/buy_car.asp?pid=3", "/favorites.asp?id=3", "/qiandao.php", "/lingquan.php?id=3", "/quit.asp", "/sendmail.asp?to=1", "/sms.php?phone=13800000000",
    "/gbook_del.asp?id=3", "/liuyan_del.asp?id=3", "/del_ly.asp?id=3", "/删除.asp?id=3", "/saveorder.asp?id=3", "/gouwu.asp?id=3", "/ding.php?id=3",
    "/login.asp?act=out", "/wp-comments-post.php", "/plus/carbuyaction.php?dopost=add", "/home.php?mod=spacecp&ac=favorite",
    # lists of Magento, ThinkPHP, Shopify, ECShop and others
    "/checkout/cart/add/uenc/aHR0cDov/product/31/", "/wishlist/index/add/product/31/", "/catalog/product_compare/add/product/31/uenc/aHR0",
    "/Home/Login/out", "/index.php/home/cart/ajaxAddCart?goods_id=3", "/cart/12345:1", "/cart/12345:1,67:2", "/cart-add-12.html",
    "/order/confirm?id=12", "/post/12/like", "/goods/3/collect", "/vote/up/12", "/article/3/delete",
    "/backup.asp?go=1", "/unsubscribe?e=a", "/exit.asp", "/sendcode.php?mobile=13800000000", "/dianzan.php?id=3",
)  # fmt: skip
SHOWS = (
    "/news/delicious.html", "/product/add-on-kit", "/product/add-on-kit?id=3", "/post/123.html", "/post.php?id=3", "/order.html", "/member.html",
    "/paylater-intro.html", "/buy.html", "/buy/", "/how_to_buy.html", "/buy_guide.php?id=3", "/buyguide.php?id=1", "/delivery.php?id=3",
    "/delta.asp?id=3", "/deluxe.php", "/payment.php", "/add-in/list.php?page=2", "/collection.php?id=3", "/collect.php?id=3", "/like.php?id=3",
    "/list.php?cat=delicious", "/goods.php?act=list", "/forum.php?mod=viewthread&tid=3", "/search.php?action=search&kw=del", "/cart.php",
    "/user.php?act=login", "/administration/x.php", "/products/admin-desk.html", "/goods/3?name=del", "/clear-honey", "/save-the-bees.html",
    "/index.php?step=2", "/favorites.php", "/votes.html", "/item.php?id=3", "/x.php?act=view", "/#/goods/3", "/", "/emptyhouse.asp?id=1",
    # columns, guides and goods that are called like a deed
    "/buy/?page=2", "/buy/list.html", "/buy/3.html", "/buy.html?from=nav", "/buy.asp", "/buy.asp?page=2", "/pay.php", "/help/buy/", "/help/pay.html",
    "/news/buy/12.html", "/zan/", "/zan/3.html", "/category/zan/3.html", "/goods/zan/3.html", "/list/zan.html", "/cai.php?id=3", "/ding/3.html",
    "/collect/3.html", "/Collect/", "/collect/?page=2", "/collect-stamps-3.html", "/goods/collect-set.html", "/collectibles/list.asp?id=2",
    "/product/save.html", "/save/money.html", "/clear/tea.html", "/empty/bottle.html", "/drop/tea.html", "/add/3.html", "/edit/3.html",
    "/like/3.html", "/fav/3.html", "/submit/3.html", "/cancel.html", "/cart/tea.html", "/cart.html", "/cart.html?id=3", "/?c=cart", "/order.html?id=3",
    "/exit.html", "/praise.html", "/praise.php?id=3", "/about/praise.html", "/goods/del-monte.html", "/brand/remover/3.html", "/c/clear?page=2",
    "/sms.html", "/sms.asp?id=3", "/product/backup-power.html", "/backup/3.html", "/coupon/3.html", "/coupon/list?id=3", "/coupon/get-started.html",
    "/candy/drop/3.html", "/candy/drop/3", "/goods/drop/3.html", "/help/cancel/3.html",
    "/car.php?id=3", "/mycar.asp?id=3", "/buycar/3.html", "/buycar.asp?page=2", "/buycar/?brand=vw", "/buy/?brand=vw", "/group_buy.php?act=view&id=3",
    # routes that show
    "/index.php/Home/Goods/goodsInfo/id/3.html", "/index.php/Home/Goods/goodsList/id/1/p/2.html", "/index.php?s=/Home/Index/show/id/3.html",
    "/index.php?m=Home&c=Article&a=lists&cat=3&p=2", "/index.php?m=content&c=index&a=show&catid=6&id=9", "/index.php?s=/news/buy.html",
    "/index.php/Home/Cart/index", "/index.php?c=cart&a=index", "/index.php/Home/Buy/index/id/3", "/index.php?r=site/order", "/index.php/Buy/show/id/3",
    "/index.php?s=add/remove 工具", "/user/goods/3.html", "/member/3.html", "/order/query.html", "/my/tea/3.html", "/api/goods/3", "/api/list?id=3",
    "/shop/user/goods.html", "/ajax/list?page=2", "/e/action/ListInfo/?classid=3", "/e/search/?enews=search", "/e/public/ListInfo.php?id=3",
    # parameters that look like deeds
    "/list.asp?add=%D2%CB%B2%FD", "/list.asp?add_id=3", "/list.asp?is_del=0", "/list.asp?delid=", "/list.asp?del_flag=0", "/x.asp?vote_id=3",
    "/list.asp?order=price", "/list.asp?order=id&sort=desc", "/list.asp?order=add_time", "/list.asp?order=collect", "/list.asp?order=buy&sort=desc", "/list.asp?like_id=3", "/list.asp?cat=buy", "/list.asp?type=add",
    "/list.asp?fav_id=3", "/list.asp?order_id=3", "/list.asp?favorites=1", "/list.asp?buy_user=3", "/list.asp?item_id=3", "/list.asp?cart=1",
    "/goods/3/detail", "/goods/like/3.html", "/product/12/collection", "/list.asp?ac=tea", "/plus/list.php?tid=3", "/plus/view.php?dopost=view&aid=3",
    "/cart-bags-12.html", "/order-form-12.html", "/compare-teas-3.html", "/news/12/buy-guide", "/costa_del_sol.asp?id=3", "/model.asp?id=3", "/删繁就简.html",
    "/vote/3.html", "/catalog/product/view/id/31/", "/catalog/category/view/id/3", "/checkout/", "/doudou/3", "/Dora/3.html", "/ding.html", "/outlet?act=outlet",
    # counted or switched, no more
    "/click.php?id=3", "/hits.asp?id=3", "/switch.php?style=2", "/tuijian.asp?id=3", "/setlang.asp?l=en", "/user/sign?in=1",
)  # fmt: skip


@pytest.mark.parametrize("path", ACTS)
def test_what_does_something_is_known_by_its_address(path):
    assert acts("http://a.example" + path)


@pytest.mark.parametrize("path", SHOWS)
def test_in_doubt_an_address_shows_something(path):
    assert not acts("http://a.example" + path)
