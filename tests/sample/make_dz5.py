#!/usr/bin/env python3
"""Writes 'Substation/Substation South.dz5', byte for byte the same at every run.

A DIGSI 5 archive is a ZIP that holds one member NAME.dp5vNNN. The members here are
our own: no real archive was used, and System/PEData.plf is only a run of bytes.
"""
import pathlib
import zipfile

TARGET = pathlib.Path(__file__).resolve().parent / "Substation" / "Substation South.dz5"
WRITTEN = (2024, 2, 20, 9, 30, 0)

PROJECT = """<?xml version="1.0" encoding="utf-8"?>
<Data Type="Project" Name="Substation South" ProjectCompatibilityVersion="9.80.0.0" \
xmlns="http://www.siemens.com/2007/07/Automation/CommonServices/DataInfoValueData">
  <ProjectVersion>9.80.0.0</ProjectVersion>
</Data>
"""

PRODUCT_CODE = "7SJ85-DAAA-AA0-0AAAA0-AJ0111-13112A-AAB000-000AC0-CB1BA1-CF1"

FEEDER = f"""<?xml version="1.0" encoding="utf-8"?>
<SCL xmlns="http://www.iec.ch/61850/2003/SCL" version="2007" revision="B" release="4">
  <Header id="Feeder 4" toolID="DIGSI 5" version="1" revision="3"/>
  <Communication>
    <SubNetwork name="StationBus" type="8-MMS">
      <ConnectedAP iedName="AA1J4Q01A1" apName="F" redProt="prp">
        <Address>
          <P type="IP">172.20.4.41</P>
          <P type="IP-SUBNET">255.255.255.0</P>
          <P type="IP-GATEWAY">172.20.4.1</P>
        </Address>
        <GSE ldInst="CB1" cbName="GO_Trip">
          <Address><P type="MAC-Address">01-0C-CD-01-00-41</P><P type="APPID">0041</P></Address>
        </GSE>
      </ConnectedAP>
    </SubNetwork>
  </Communication>
  <IED name="AA1J4Q01A1" desc="Feeder 4" type="7SJ85" manufacturer="SIEMENS" configVersion="V09.80.02">
    <Private type="Siemens-s7ManagerName">Feeder 4</Private>
    <Private type="Siemens-Siprotec5-Product-Code">{PRODUCT_CODE}</Private>
    <Private type="Siemens-Siprotec5-Application-Template">7SJ85_NonDir_OC</Private>
    <Private type="Siemens-Siprotec5-Configuration-Version">V09.80.02</Private>
    <Private type="Siemens-IsSiprotec5IED"/>
    <AccessPoint name="F" desc="Port F">
      <Server>
        <Authentication none="true"/>
        <LDevice inst="Application" desc="Application">
          <LN0 lnClass="LLN0" inst="" lnType="LLN0_1"/>
          <LN lnClass="LPHD" inst="0" lnType="LPHD_1">
            <DOI name="PhyNam">
              <DAI name="vendor"><Val>SIEMENS</Val></DAI>
              <DAI name="hwRev"><Val>{PRODUCT_CODE}</Val></DAI>
              <DAI name="swRev"><Val>V09.80</Val></DAI>
              <DAI name="model"><Val>7SJ85</Val></DAI>
            </DOI>
          </LN>
        </LDevice>
        <LDevice inst="CB1" desc="Circuit breaker"><LN0 lnClass="LLN0" inst="" lnType="LLN0_1"/></LDevice>
        <LDevice inst="PortE" desc="E:USART-AB-1EL"><LN0 lnClass="LLN0" inst="" lnType="LLN0_1"/></LDevice>
        <LDevice inst="PortF" desc="F:ETH-BB-2FO"><LN0 lnClass="LLN0" inst="" lnType="LLN0_1"/></LDevice>
        <LDevice inst="PortF_Channel1" desc="F:ETH-BB-2FO_Chan.1"><LN0 lnClass="LLN0" inst="" lnType="LLN0_1"/></LDevice>
        <LDevice inst="PortJ" desc="J:Onboard Ethernet"><LN0 lnClass="LLN0" inst="" lnType="LLN0_1"/></LDevice>
        <LDevice inst="PortN" desc="N:ANAI-CA-4EL"><LN0 lnClass="LLN0" inst="" lnType="LLN0_1"/></LDevice>
      </Server>
    </AccessPoint>
  </IED>
  <DataTypeTemplates>
    <LNodeType id="LLN0_1" lnClass="LLN0"/>
    <LNodeType id="LPHD_1" lnClass="LPHD"/>
  </DataTypeTemplates>
</SCL>
"""

MEMBERS = [
    ("Substation South.dp5v98", PROJECT.encode()),
    ("System/PEData.plf", bytes(range(256)) * 8),
    ("System/PEData.idx", bytes(range(64))),
    ("UserFiles/Feeder 4.iid", FEEDER.encode()),
    ("TMP/", b""),
]


def main():
    with zipfile.ZipFile(TARGET, "w") as archive:
        for name, data in MEMBERS:
            info = zipfile.ZipInfo(name, WRITTEN)
            info.create_system = 0
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)


if __name__ == "__main__":
    main()
