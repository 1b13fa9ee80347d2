#!/usr/bin/env python3
"""Writes the input.dz5 of each case. No real DIGSI 5 archive is public: these
are made after what is known of them, and all names and devices are invented."""

import pathlib
import zipfile

HERE = pathlib.Path(__file__).parent
TIME = (2024, 1, 2, 3, 4, 6)

PROJECT = """<?xml version="1.0" encoding="utf-8"?>
<Data Type="Project" Name="{name}" ProjectCompatibilityVersion="{version}" \
xmlns="http://www.siemens.com/2007/07/Automation/CommonServices/DataInfoValueData">
  <ProjectVersion>{version}</ProjectVersion>
</Data>
"""

SCL = """<?xml version="1.0" encoding="utf-8"?>
<SCL xmlns="http://www.iec.ch/61850/2003/SCL" version="2007" revision="B" release="4">
  <Header id="{name}" toolID="IEC 61850 System Configurator, Version: V5.90 "/>
  <Communication><SubNetwork name="Station bus" type="8-MMS">
    <ConnectedAP iedName="{name}" apName="F"><Address>
      <P type="IP">{address}</P><P type="IP-SUBNET">255.255.255.0</P>
      <P type="IP-GATEWAY">10.1.2.1</P></Address></ConnectedAP>
  </SubNetwork></Communication>
  <IED name="{name}" desc="{name}" type="7SJ82" manufacturer="SIEMENS" configVersion="V08.80.01">
    <Private type="Siemens-Siprotec5-Product-Code">{code}</Private>
    <Private type="Siemens-IsSiprotec5IED"/>
    <AccessPoint name="F" desc="Port F"><Server><Authentication none="true"/>
      <LDevice inst="PortE" desc="E:{module}"><LN0 lnClass="LLN0" inst="" lnType="a"/></LDevice>
      <LDevice inst="PortF" desc="F:ETH-BA-2EL"><LN0 lnClass="LLN0" inst="" lnType="a"/></LDevice>
      <LDevice inst="PortJ" desc="J:Onboard Ethernet"><LN0 lnClass="LLN0" inst="" lnType="a"/></LDevice>
    </Server></AccessPoint>
  </IED>
</SCL>
"""
# No TEA-X document is public, so its real elements are unknown; only the names
# of these fields are known.
TEA_X = """<?xml version="1.0" encoding="utf-8"?>
<teax xmlns="urn:example:tea-x">
  <HardwareContainer><HardwareUnits>
    <HWUnit Id="1" DisplayName="BAY01" ProductCode="{code}" ShortProductCode="P1J123456"
            SerialNumber="BF2401000011" FirmwareVersion="V08.80.01"/>
    <HWUnit Id="2">
      <DisplayName>BAY02 &amp; reserve</DisplayName>
      <ProductCode>{code}</ProductCode>
      <SerialNumber>BM2401000012</SerialNumber>
      <FirmwareVersion>8.80</FirmwareVersion>
      <Module DisplayName="USART-AB-1EL" SerialNumber="BF2401000013"/>
    </HWUnit>
  </HardwareUnits></HardwareContainer>
</teax>
"""

CODE = "7SJ82-DAAA-AA0-0AAAA0-AA0111-12111A-AAA000-000AC0-CB1BA1"


def device(name="BAY01", address="10.1.2.11", module="USART-AB-1EL"):
    return SCL.format(name=name, address=address, module=module, code=CODE)


def project(name="Substation North", version="8.80.0.0"):
    return PROJECT.format(name=name, version=version)


def write(case, members):
    path = HERE / case / "input.dz5"
    path.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            archive.writestr(info, data)
    return path


def damage(path, change):
    path.write_bytes(change(path.read_bytes()))


def encrypt(data):
    """Sets the flag of encryption in the first local and central header."""
    changed = bytearray(data)
    changed[6] |= 1
    changed[data.find(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


HEAD = ("Substation North.dp5v88", project())

write("project_with_one_device", [
    HEAD, ("System/PEData.plf", b"\x40\0\0\0" + bytes(2745)), ("System/PEData.idx", b"\x80\0\0\0"),
    ("UserFiles/Bay01.iid", device()), ("TMP/", b"")])
write("name_of_the_project_member_alone", [("SE-AAA_20260622_1350.dp5v100", b"DIGSI project")])
write("device_in_two_members", [
    HEAD, ("UserFiles/Bay01.iid", device()),
    ("UserFiles/Station.scd", device(address="10.1.2.99"))])
write("device_in_tea_x_and_scl", [
    HEAD, ("UserFiles/Export.teax", TEA_X.format(code=CODE)), ("UserFiles/Bay01.iid", device())])
write("hostile_names", [
    ("../../etc/passwd.dp5v88", b""), ("C:\\evil\\x.scd", device()), ("/etc/shadow", b"x")])
write("no_project_member", [("UserFiles/Bay01.iid", device()), ("Logs/1.zip", b"PK\x05\x06" + bytes(18))])
damage(write("truncated_in_the_second_device", [
    HEAD, ("Bay01.iid", device()), ("Bay02.iid", device("BAY02", "10.1.2.12"))]),
    lambda data: data[:data.find(b"Bay02.iid") + 200])

damage(write("encrypted", [HEAD]), encrypt)
damage(write("cut_off_in_the_first_header", [HEAD]), lambda data: data[:40])
damage(write("seven_zip", []), lambda data: b"7z\xbc\xaf\x27\x1c" + bytes(26))
damage(write("empty_file", []), lambda data: b"")
write("bomb", [HEAD, ("UserFiles/Bay01.iid", "<SCL>" + " " * (4 << 20) + "</SCL>")])
