"""Other words for the same: those that editors keep, and a few that everybody uses."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from portal.search.analysis import sequence, telling
from portal.search.asking import Way
from portal.search.models import Synonyms as SynonymRow
from portal.search.standing import Standing

KEPT_BY_EDITORS: Final = 0.9
EVERYDAY: Final = 0.5

Synonyms = Mapping[str, tuple[Way, ...]]
"""By stem."""

_EVERYDAY: Final[Mapping[str, tuple[str, ...]]] = {
    "en": (
        "change edit modify update",
        "delete remove erase",
        "create add make new",
        "picture image photo screenshot",
        "show display view see",
        "error problem issue fail failure bug",
        "start begin launch",
        "stop end cancel",
        "hide conceal",
        "price cost",
        "fix repair solve troubleshoot troubleshooting",
        "login signin",
        "logout signout",
        "signup register registration",
        "folder directory",
        "setting option preference configuration configure customize",
        "build compile",
        "link url",
        "language locale translation translate i18n internationalization",
        "turn switch enable activate",
        "disable deactivate",
        "upgrade migrate migration update",
        "send deliver submit",
        "mail email",
        "phone mobile",
        "invite invitation",
        "member user person people",
        "bill invoice",
        "choose select pick",
        "install installation setup",
        "page screen",
        "move transfer",
        "copy duplicate clone",
        "search find look",
        "company organization organisation",
        "color colour",
        "iphone ipad ios",
        "mac macos macbook",
        "computer pc desktop laptop",
        "refund reimbursement reimburse",
        "license licence key",
        "subscription plan",
        "uninstall remove",
        "boot startup autostart",
        "notification alert",
        "slow performance speed",
        "crash freeze hang",
        "test testing",
        "example sample",
        "permission access right",
        "docker container",
        "auth authentication authenticate login",
        "env environment",
        "money refund",
        "pay payment purchase buy",
        "kid child children",
    ),
    "es": (
        "cambiar modificar editar actualizar",
        "borrar eliminar quitar suprimir",
        "crear anadir agregar nuevo nueva",
        "foto imagen captura",
        "mostrar ver visualizar",
        "error problema fallo falla fallar incidencia",
        "empezar comenzar iniciar inicio arrancar",
        "parar detener cancelar",
        "esconder ocultar",
        "precio coste costo",
        "arreglar solucionar resolver corregir",
        "carpeta directorio",
        "ajuste opcion preferencia configuracion configurar personalizar",
        "compilar construir build",
        "enlace vinculo link url",
        "idioma lengua traduccion traducir i18n internacionalizacion",
        "activar habilitar encender",
        "desactivar deshabilitar apagar",
        "actualizar migrar migracion",
        "enviar mandar",
        "correo email mail",
        "telefono movil celular",
        "invitar invitacion",
        "elegir seleccionar escoger",
        "instalar instalacion",
        "pagina pantalla",
        "mover trasladar",
        "copiar duplicar clonar",
        "buscar busqueda encontrar",
        "empresa compania organizacion",
        "contrasena clave password",
        "descargar bajar",
        "subir cargar",
        "archivo fichero documento",
        "desplegar despliegue publicar",
        "ordenador computadora pc",
        "iphone ipad ios",
        "mac macos macbook",
        "devolucion reembolso reembolsar devolver",
        "suscripcion plan",
        "desinstalar quitar",
        "notificacion aviso alerta",
        "lento rendimiento velocidad",
        "peticion solicitud request",
        "respuesta response",
        "cabecera encabezado header",
        "plantilla template",
        "prueba test probar",
        "permiso acceso",
        "contenedor docker",
        "autenticacion autenticar login sesion",
        "entorno env",
        "depurar debug",
        "consulta query",
        "dinero reembolso devolucion",
        "pagar pago comprar compra",
        "hijo nino menor",
        "introducir ingresar escribir",
        "oscuro dark",
    ),
}


def of(session: Session, language: str, standing: Standing) -> Synonyms:
    def ask() -> Synonyms:
        rows = session.connection().execute(_KEPT, {"language": language})
        return _all(language, tuple(tuple(row) for (row,) in rows))

    return standing.kept(("synonyms", language), ask)


_KEPT = (
    select(SynonymRow.words)
    .where(SynonymRow.language == bindparam("language"))
    .order_by(SynonymRow.id)
)


@lru_cache(16)
def _all(language: str, groups: tuple[tuple[str, ...], ...]) -> Synonyms:
    everyday = [line.split() for line in _EVERYDAY.get(language, ())]
    return _by_stem(
        language,
        [
            *((group, KEPT_BY_EDITORS) for group in groups),
            *((group, EVERYDAY) for group in everyday),
        ],
    )


def _by_stem(language: str, groups: Iterable[tuple[Iterable[str], float]]) -> Synonyms:
    ways: dict[str, dict[tuple[str, ...], Way]] = {}
    for group, weight in groups:
        stems = [_stems(word, language) for word in group]
        for own in stems:
            for other in stems:
                if len(own) == 1 and other and other != own:
                    ways.setdefault(own[0], {}).setdefault(other, Way(other, weight))
    return {stem: tuple(others.values()) for stem, others in ways.items()}


def _stems(words: str, language: str) -> tuple[str, ...]:
    row = sequence(words, language)
    said = telling(row, language) or set(row)
    return tuple(dict.fromkeys(word for word in row if word in said))
