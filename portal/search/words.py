"""Which words of a language say little: those that every text has, and those of every question."""

from typing import Final

_ENGLISH = """
a about above after again all also am an and any are aren as at be because been before being below
between both but by can cannot cant could couldnt d did didnt do does doesnt doing dont down during
each every few for from further had has hasnt have havent having he her here hers him his how i id
if ill im in into is isnt it its itself ive just ll m may me might more most must my myself no nor
not of off on once only or other our ours out over own per re s same shall she should shouldnt so
some such t than that thats the their theirs them then there these they theyre this those through
to too under until up upon us ve very via was wasnt we were what whats when where wheres which
while who whom whose why will with without wont would wouldnt yet you your yours yourself
"""
_SPANISH = """
a al algo alguien algun alguna algunas alguno algunos ante antes aqui asi aun aunque bajo bien cada
como con contra cual cuales cualquier cuando cuanta cuantas cuanto cuantos cuya cuyo de del desde
donde durante e el ella ellas ello ellos en entre era eran eres es esa esas ese eso esos esta
estaba estan estar estas este esto estos estoy fue fueron ha habia hace hacia han has hasta hay he
la las le les lo los mas me mi mia mis mucho muy nada ni no nos nosotros nuestra nuestras nuestro
nuestros o os otra otras otro otros para pero poco por porque pues que quien quienes se sea sean
segun ser si sido siempre sin sobre solo somos son soy su sus suya suyo tal tambien tan tanto te
tengo ti tiene tienen toda todas todo todos tu tus tuya tuyo u un una unas uno unos usted ustedes
va vamos van varias varios vosotros voy y ya yo
"""
_ENGLISH_FAINT = """
able allow best correct correctly dear easiest easily easy explain find get gets getting give go
goes going good guide happen happens hello hi help instead know let lets like long looking make
makes making mean means need needed needs please possible properly put question really right see
show something steps tell thank thanks thing things tried try trying tutorial understand use used
using want wanted wants way ways well whenever work working works wrong
"""
_SPANISH_FAINT = """
alguna ayuda ayudar bueno consigo correctamente correcto cosa cosas cuesta dar debe deberia debo
deja dejar dice donde duda encontrar encuentro explicar facil favor forma gracias guia haber hacer
haga hago hola ir manera mejor necesita necesito pasa pasos pedir pide podemos poder podria
podriamos poner pongo posible pregunta puede pueden puedes puedo quiere quiero saber sabe significa
sirve tener tratando tutorial usa usar uso utilizar utilizo vez
"""

_ENGLISH_COMPOUNDS = """
login logon logout logoff signin signup signout signoff setup backup checkout checkin lookup markup
popup cleanup rollback rollout fallback feedback timeout layout startup shutdown dropdown breakdown
countdown download upload takeover makeup mockup optin optout plugin builtin standup followup
handover lockout playback printout readout workout writeup wrapup pickup pushback
"""

STOP: Final = {"en": frozenset(_ENGLISH.split()), "es": frozenset(_SPANISH.split())}
"""Folded. Not looked for, unless nothing else was asked."""

FAINT: Final = {"en": frozenset(_ENGLISH_FAINT.split()), "es": frozenset(_SPANISH_FAINT.split())}
"""Folded. Looked for, but what a question is about are the others."""

PARTICLES: Final = frozenset(["in", "up", "out", "off", "on", "down", "back", "over"])
COMPOUNDS: Final = {"en": frozenset(_ENGLISH_COMPOUNDS.split())}
"""Written as one word, two, or with a hyphen: "log in", "logging in", "log-in", "login"."""
