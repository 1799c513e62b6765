"""The names this project uses: namespaces, prefixes and a few terms.

The only module that holds IRIs as text. Terms are declared in `ontology/cji.ttl`.
"""

from __future__ import annotations

from cjigraph.errors import InputError, did_you_mean

BASE = "https://w3id.org/cjigraph/"
ONTOLOGY = BASE + "ontology"
CJI = ONTOLOGY + "#"
ID = BASE + "id/"
SCHEMA = BASE + "schema/"

KINDS = (
    "body",
    "candidate",
    "category",
    "change",
    "consultation",
    "consultee",
    "discrepancy",
    "document",
    "entry",
    "figure",
    "focus",
    "inspection",
    "law",
    "milestone",
    "name",
    "part",
    "participation",
    "passage",
    "person",
    "place",
    "policy",
    "post",
    "principle",
    "programme",
    "question",
    "report",
    "review",
    "role",
    "scheme",
    "selector",
    "standing",
    "tenure",
    "theme",
)
"""The kinds of thing that have IRIs of their own: `…/id/<kind>/<slug>`."""

DOCUMENT = ID + "document/"
PASSAGE = ID + "passage/"

DATASET = BASE
"""The dataset as a thing that has a title, a licence and a version."""
LICENCE = "http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
"""What the dataset may be used under: the Open Government Licence v3.0."""
SOURCES_GRAPH = BASE + "graph/sources"
"""The named graph that describes documents and passages."""
INFERRED_GRAPH = BASE + "graph/inferred"
"""The named graph that holds what the ontology entails."""

CANDIDATES_GRAPH = BASE + "graph/candidates"
"""The named graph of what may be so; nothing in it is a fact."""

DCAT = "http://www.w3.org/ns/dcat#"
DCTERMS = "http://purl.org/dc/terms/"
FOAF = "http://xmlns.com/foaf/0.1/"
FORMATS = "http://www.w3.org/ns/formats/"
OA = "http://www.w3.org/ns/oa#"
ORG = "http://www.w3.org/ns/org#"
OWL = "http://www.w3.org/2002/07/owl#"
PROV = "http://www.w3.org/ns/prov#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SCHEMA_ORG = "https://schema.org/"
SD = "http://www.w3.org/ns/sparql-service-description#"
SH = "http://www.w3.org/ns/shacl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
VOID = "http://rdfs.org/ns/void#"
XSD = "http://www.w3.org/2001/XMLSchema#"
EDTF_DATATYPES = "http://id.loc.gov/datatypes/edtf/"

EDTF = EDTF_DATATYPES + "EDTF"
"""The datatype of dates that may be uncertain or last a while."""
TYPE = RDF + "type"
LABEL = RDFS + "label"
VERSION = OWL + "versionInfo"
TRIPLES = VOID + "triples"
"""How many statements the default graph of a dataset holds, this one among them."""
LOWER_BOUND = CJI + "lowerBound"
UPPER_BOUND = CJI + "upperBound"

CSVW = "http://www.w3.org/ns/csvw"
"""The JSON-LD context every CSVW file names."""

CSVW_PREFIXES: dict[str, str] = {
    "dc": DCTERMS,
    "dcat": DCAT,
    "dcterms": DCTERMS,
    "foaf": FOAF,
    "oa": OA,
    "org": ORG,
    "owl": OWL,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "skos": SKOS,
    "void": VOID,
    "xsd": XSD,
}
"""Prefixes a table schema may use: some of those that CSVW itself fixes.

Not schema.org, which CSVW fixes at `http:` and the world has since moved to `https:`.
"""

PREFIXES: dict[str, str] = {
    "cji": CJI,
    **{kind: ID + kind + "/" for kind in KINDS},
    "dcat": DCAT,
    "dcterms": DCTERMS,
    "edtf": EDTF_DATATYPES,
    "foaf": FOAF,
    "oa": OA,
    "org": ORG,
    "owl": OWL,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": SCHEMA_ORG,
    "sh": SH,
    "skos": SKOS,
    "void": VOID,
    "xsd": XSD,
}
"""Prefixes known wherever a query runs, ours first."""


def iri(curie: str) -> str:
    """Return the full IRI of `prefix:name`.

    >>> iri("body:hmcpsi")
    'https://w3id.org/cjigraph/id/body/hmcpsi'
    """
    prefix, colon, name = curie.partition(":")
    if not colon or prefix not in PREFIXES:
        raise _unknown(curie, prefix)
    return PREFIXES[prefix] + name


def _unknown(curie: str, prefix: str) -> InputError:
    if ":" not in curie:
        return InputError(f'"{curie}" has no prefix', "write it as prefix:name")
    cure = did_you_mean(prefix, PREFIXES) or "`cjigraph prefixes` lists them"
    return InputError(f'no prefix "{prefix}" in "{curie}"', cure)


def shorten(iri: str) -> str:
    """Return `prefix:name` for `iri`, or `iri` itself if no prefix fits it safely.

    >>> shorten("https://w3id.org/cjigraph/id/body/hmcpsi")
    'body:hmcpsi'
    """
    cut = max(iri.rfind("/"), iri.rfind("#")) + 1
    prefix, name = _PREFIX_OF.get(iri[:cut]), iri[cut:]
    return f"{prefix}:{name}" if prefix and _is_plain(name) else iri


_PREFIX_OF = {namespace: prefix for prefix, namespace in PREFIXES.items()}


def _is_plain(name: str) -> bool:
    """Whether Turtle and SPARQL take `name` after a prefix without any escape."""
    letters = name.replace("-", "").replace("_", "")
    return name.isascii() and letters.isalnum() and name[0] != "-" and name[-1] != "-"
