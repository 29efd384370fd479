"""A ModemManager on a bus of its own: what it says is in a file, read at each call, so that a test can change it.

    modem-manager.py FILE

The file: {"modems": [{"path": 0, "imei": "...", "state": 8, "sim": 0, "iccid": "...", "imsi": "...", "location": "645,01,FFFE,B1A503,1C2D",
"enabled": 0, "forbidden": false}]}. Prints the bus's address, then one line for each call of Setup.
Source: ModemManager 1.20's D-Bus reference.
"""

import json
import os
import subprocess
import sys

import dbus
import dbus.lowlevel
from dbus.mainloop.glib import DBusGMainLoop
from gi.repository import GLib

ROOT = "/org/freedesktop/ModemManager1"
MODEM = "org.freedesktop.ModemManager1.Modem"
SIM = "org.freedesktop.ModemManager1.Sim"
PROPERTIES = "org.freedesktop.DBus.Properties"

read, write = os.pipe()
daemon = subprocess.Popen(["dbus-daemon", "--session", "--nofork", f"--print-address={write}"], pass_fds=[write])
os.close(write)
address = os.fdopen(read).readline().strip()
DBusGMainLoop(set_as_default=True)
bus = dbus.bus.BusConnection(address)
enabled = {}


def modems():
    with open(sys.argv[1]) as file:
        return json.load(file)["modems"]


def objects():
    found = dbus.Dictionary({}, signature="oa{sa{sv}}")
    for modem in modems():
        has_sim = modem.get("sim") is not None
        found[dbus.ObjectPath(f"{ROOT}/Modem/{modem['path']}")] = dbus.Dictionary({
            MODEM: dbus.Dictionary({
                "EquipmentIdentifier": modem.get("imei", ""),
                "State": dbus.Int32(modem.get("state", 8)),
                "AccessTechnologies": dbus.UInt32(1 << 14),
                "SignalQuality": dbus.Struct((dbus.UInt32(60), dbus.Boolean(True)), signature="ub"),
                "SupportedCapabilities": dbus.Array([dbus.UInt32(4)], signature="u"),
                "Sim": dbus.ObjectPath(f"{ROOT}/SIM/{modem['sim']}" if has_sim else "/"),
            }, signature="sv"),
            MODEM + ".Modem3gpp": dbus.Dictionary({
                "Imei": modem.get("imei", ""), "OperatorCode": "64501", "OperatorName": "TestNet", "RegistrationState": dbus.UInt32(1),
            }, signature="sv"),
            MODEM + ".Location": dbus.Dictionary({
                "Capabilities": dbus.UInt32(7), "Enabled": dbus.UInt32(enabled.get(modem["path"], modem.get("enabled", 0))),
                "SignalsLocation": dbus.Boolean(False), "Location": dbus.Dictionary({}, signature="uv"),
            }, signature="sv"),
        }, signature="sa{sv}")
    return found


def answer(message):
    """The signature and the value of an answer, or an error's name."""
    call, path = (message.get_interface(), message.get_member()), message.get_path()
    if call == ("org.freedesktop.DBus.ObjectManager", "GetManagedObjects") and path == ROOT:
        return "a{oa{sa{sv}}}", objects()
    for modem in modems():
        if path == f"{ROOT}/SIM/{modem.get('sim')}" and call == (PROPERTIES, "GetAll") and message.get_args_list() == [SIM]:
            return "a{sv}", dbus.Dictionary({
                "Imsi": modem.get("imsi", ""), "SimIdentifier": modem.get("iccid", ""), "Active": dbus.Boolean(True)}, signature="sv")
        if path == f"{ROOT}/Modem/{modem['path']}" and call[0] == MODEM + ".Location":
            if modem.get("forbidden"):
                return "org.freedesktop.DBus.Error.AccessDenied", None
            if call[1] == "Setup":
                sources, signals = message.get_args_list()
                enabled[modem["path"]] = int(sources)
                print(f"Setup {int(sources)} {bool(signals)}", flush=True)
                return "", None
            if call[1] == "GetLocation":
                on = enabled.get(modem["path"], modem.get("enabled", 0)) & 1
                where = {dbus.UInt32(1): modem["location"]} if on and "location" in modem else {}
                return "a{uv}", dbus.Dictionary(where, signature="uv")
    return "org.freedesktop.DBus.Error.UnknownMethod", None


def receive(connection, message):
    if message.get_type() != 1 or not (message.get_path() or "").startswith(ROOT):
        return dbus.lowlevel.HANDLER_RESULT_NOT_YET_HANDLED
    signature, value = answer(message)
    if "." in signature:
        reply = dbus.lowlevel.ErrorMessage(message, signature, "as told")
    else:
        reply = dbus.lowlevel.MethodReturnMessage(message)
        if signature:
            reply.append(value, signature=signature)
    connection.send_message(reply)
    return dbus.lowlevel.HANDLER_RESULT_HANDLED


bus.add_message_filter(receive)
bus.request_name("org.freedesktop.ModemManager1")
print(address, flush=True)
try:
    GLib.MainLoop().run()
finally:
    daemon.terminate()
