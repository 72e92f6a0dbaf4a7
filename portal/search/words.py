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
able allow already another anybody anyone anything best come comes correct correctly dear easiest
easily easy ever everybody everything exactly explain find get gets getting give go goes going good
guide happen happened happening happens hello help hi inside instead keep keeps kept know let lets
like long looking lot make makes making many mean means much need needed needs nothing often people
please possible properly put question really right see seem seems several show somebody someone
something sometimes steps take takes taking tell thank thanks thing things together tried trouble
try trying tutorial understand use used using want wanted wants way ways well whenever within
without work working works wrong
"""
_SPANISH_FAINT = """
alguna aparece aparecen aparecer aparezca ayuda ayudar bueno conseguir consigo consigue
correctamente correcto cosa cosas cualquiera cuesta dar debe deberia debo deja dejan dejar dejo
demasiada demasiado demasiados despues dice diferente diferentes distinto distintos donde duda
encontrar encuentro existe existen explicar facil favor forma funciona funcionan funcionar gracias
guia gustaria haber hacen hacer hacerlo haciendo haga hago haria hecho hice hola intenta intentando
intentar intento ir llama llaman logra lograr logro luego manera mejor mientras momento nadie
necesita necesito ningun ninguna ninguno ocurre pasa pasos pedir pide podemos poder podido podria
podriamos poner pongo posible pregunta pueda puedan puede pueden puedes puedo queria quiere quiero
quisiera sabe saber sale salen salga salir significa sigo sigue siguen sirve sirven sucede tampoco
tendria tener tenga tratando tutorial usa usan usando usar usarla usarlo uses uso utilizar utilizo
veces vez
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
