"""A certificate authority for one run, and a server certificate under it (P-256, as the field uses)."""

import dataclasses
import pathlib


@dataclasses.dataclass
class Identity:
    authority: pathlib.Path
    certificate: pathlib.Path
    key: pathlib.Path


def identity(bench):
    if "tls" not in bench.memo:
        folder = bench.subfolder("tls")
        authority, authority_key = folder / "ca.pem", folder / "ca.key"
        certificate, key, request, names = folder / "server.pem", folder / "server.key", folder / "server.csr", folder / "names"
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        bench.call("openssl", "req", "-x509", *curve, "-keyout", authority_key, "-out", authority, "-days", "30",
                   "-subj", "/CN=Bench authority", "-addext", "basicConstraints=critical,CA:TRUE",
                   "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        bench.call("openssl", "req", *curve, "-keyout", key, "-out", request, "-subj", "/CN=localhost")
        names.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1,IP:10.77.0.1\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n")
        bench.call("openssl", "x509", "-req", "-in", request, "-CA", authority, "-CAkey", authority_key, "-CAcreateserial",
                   "-out", certificate, "-days", "30", "-extfile", names)
        bench.memo["tls"] = Identity(authority, certificate, key)
    return bench.memo["tls"]
