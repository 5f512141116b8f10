"""Pickles of one version in another: they carry it, later versions read them, and newer ones bring a warning."""

import base64
import pickle
import zlib

import numpy as np
import pytest
from sklearn.base import clone

import convexviz as cv
from convexviz.estimators.base import WRITTEN_BY

X = np.array([[-1.0], [0.0], [0.5], [1.0]])
# Four estimators, pickled by 0.1.0 before pickles had a version: a regressor, two and three classes, one not fitted.
BEFORE = (
    "c-qZYU1%It6yDA5b~l@(rWj4Mjafl#gs`PVL~NQ3hB}&&K@*es*G^`4Z*r#Do!QRMZhow$kTxmazNA-Z^J1YdJ_Usq4GPJF75d<_1QZSWAV_JU"
    "i1tbEo!Ob$ZuTcdgiav$@0@$j`Of#<y9>cj)>?elcbs(Nr&6ktM>BbOE{=3V&Ps-=>2VEBX-L;qjo?QIErVh7`slDbdyzbMhMcDE!6Y&y!X*~x"
    "wz;*oc^u5Bx=wIdKV?c9N)u`zOFCJ`d$Py?l}$*dp%NT0)C}SJKmYEpE7xybz)^ZM5;JmEHi&>DS!qU;4W!Y2vnDBNH7n|dWFR`;tB8|GGE5qY"
    "C@Ui2{Wzi^qo8WjBEgS)>7-N*#fvKhH?ahS;>Zo(KT2H`Gn<=@i<W)X%owtyY0@mg&7y|rcDkXNDTDgpkY!1;Q_{A{MZ){el0koxERkW-&HMQV"
    "-hYn3ejG|0vpK|^8YW*P=a=pE0QUD0K@f)ip`Z1S_ZcL4ez4Up$el#7-5_)t(|zGd=wxR=mwN&o9CST=3&qxFdlYJTM1Q!NI~u*6=-@y6;<xtO"
    "3ELw@tG9CFUXQr4X(n+~TBb=GGEG|~@H7sy@*&nggd+tcPl3S(FW{)G(E6lM&Jeu~aHFnfOy*5X(Oy;xXNlm*h|_fo5q1g%kKsl&d6LDDM|5Wr"
    "pZ;-ST*6HmwSY7+shUdKogTx1DJe&|zU@<;-xl`$gd0;xGvrB`GH)6C^A*4d+F-;|ZEM{2++yOJ6|v{ujg^f<`+vW7Mws5%ZfEE$+2Djh)~Oz5"
    "2@K%SuywQ>amdW&C_%jlLso?D#9J&UQ=>o<K8Qn7I!%M(eN-BZRB4?WPIO%QlhzN82{0t!FeSa5HM4~K=x@8E&@MoaU?yqEQT&9S%g74qiJ=)O"
    "WyDk^W&nz@DFW|uiK~CipO&f19#@MHh6rx7tQEvW=_9njQ5RgXB=+VKbj1>QgA`t|1mCEOuSfw7E0#!^2I<aS6>pMMM$&cWL9dcF?<yJerX56C"
    "=<Ao+w+dk#0$G`&sWmP`6q=yfy(*wZfV~1dB0wvXzO}za(2Bf&1~-fz_VfqcRDFDq{zWX^MI;JyvZx-|2W`br+AHj4Df?g*twK*drT(%}s#NH$"
    "XWzP6G~cxBU*ZyX?6H}IBQOVjumDHl9Q3;jkbswq@gIXcyuu}Z?PcHdz<J$QIVTKwZ5f8D3uM(Q#rj6EP1x;Cr?s<w6Gn<Bj(JCnd)>GBAiTr-"
    "7(q`gKKqr=Av?TRk>qfkS)%5{s{=NbT|U4`H~}I}eZt#Z^14YctJE^286RP)0<GvawFw2&I}r)g=TWo6qm;`f+*x-2<*DpcO>|$RmN9Fh{7tIF"
    "y`aOrSQ+<R4m#s%Ty&~>zn{m+Qh)3puXJ(p0Xv2XhnK#ZUu(7XdVT{o-z(RFp5IX!g9DaMEOC5B#j!@kaUJ^M>-$tuL*IS}<48R${bwuK_13ei"
    "q+=@4n?-7JUiU#InsB6A_LE>?r$n72#=UNdMD>m@FLmrnqWSqxzkj2eM0W-E!*rcKWH;qVp`|Oft1`U5E@!X&r!xHCtasGRZ5}9vd&^_})`POX"
    "oaGM84(vPO-tt(#wUhN9UpsQ^gI&RWVeikzOcl772z#3DdQa2c8c$QeeVPV}II$mVHJ&CjiQ@kP<eH>2"
)


def before():
    return pickle.loads(zlib.decompress(base64.b85decode(BEFORE)))


def altered(model, version):
    """The model as pickled by another version."""
    state = {**model.__getstate__(), WRITTEN_BY: version}
    fresh = type(model).__new__(type(model))
    fresh.__setstate__(state)
    return fresh


def test_a_pickle_carries_the_version_that_wrote_it():
    model = cv.ConvexReLURegressor(0.01).fit(X, X[:, 0] ** 2)
    assert model.__getstate__()[WRITTEN_BY] == cv.__version__
    again = pickle.loads(pickle.dumps(model))
    assert WRITTEN_BY not in vars(again)
    assert set(vars(again)) == set(vars(model))


def test_pickles_from_before_versions_are_read_in_full():
    regressor, two, three, unfitted = before()
    np.testing.assert_allclose(regressor.predict([[0.2]]), [0.21233333333])
    assert list(two.predict(X)) == ["a", "b", "b", "a"]
    assert list(three.predict(X)) == ["a", "b", "b", "c"]
    assert all(model.statement_ == "certified optimum" for model in (regressor, two, three))
    assert [model.method_ for model in (regressor, two, three)] == ["spline, exact on the line"] * 3
    assert not hasattr(unfitted, "statement_")
    assert two.class_weight is None
    for model in (regressor, two, three, unfitted):
        assert repr(clone(model)) == repr(model)
        assert set(model.get_params()) == set(type(model)().get_params())
    assert two.fit(X, ["a", "b", "b", "a"]).certified_


@pytest.mark.parametrize("version", [cv.__version__, "0.0.9", "0.1.0rc1", "0.1.0.dev3"])
def test_what_is_not_newer_is_read_without_a_word(version):
    model = cv.ConvexReLUClassifier(0.1).fit(X, [0, 1, 1, 0])
    np.testing.assert_array_equal(altered(model, version).predict(X), model.predict(X))


@pytest.mark.parametrize("version", ["0.2.1", "0.10.0", "1.0", "99.dev1"])
def test_what_is_newer_is_read_with_a_warning(version):
    model = cv.ConvexReLUClassifier(0.1).fit(X, [0, 1, 1, 0])
    with pytest.warns(UserWarning, match=f"got ConvexReLUClassifier written by convexviz {version} and read by"):
        again = altered(model, version)
    np.testing.assert_array_equal(again.predict(X), model.predict(X))
