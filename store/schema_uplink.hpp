#pragma once

#include <string_view>

namespace ot::store {

// Of every record its last change is kept, for whoever is told upward. A record that changes
// again goes to the end, so it is told once, as it is then. `gone` is the UUID of one that is not
// there any more. Kinds: 1 a project file, 2 an asset. That a device was seen again is a change
// once an hour.
//
// What other rackscouts sent stands beside what is known here: a received asset is one more
// source of it, with a source_id like an observation's; a received file is a row of `files` that
// names its sensor.
inline constexpr std::string_view kUplink = R"sql(
CREATE TABLE changes(
  change INTEGER PRIMARY KEY AUTOINCREMENT,
  kind INTEGER NOT NULL,
  id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  gone BLOB,
  UNIQUE(kind, id)
) STRICT;

-- told: up to which change. sequence: of the last request that was answered; flight names one
-- that was not yet, with the changes up to `upto`, and whether these are all there are. fresh:
-- this epoch has not told everything yet.
CREATE TABLE sinks(
  sink TEXT PRIMARY KEY,
  epoch TEXT NOT NULL,
  settings TEXT NOT NULL,
  told INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  flight TEXT NOT NULL,
  upto INTEGER NOT NULL,
  complete INTEGER NOT NULL,
  fresh INTEGER NOT NULL,
  last_answer INTEGER
) STRICT, WITHOUT ROWID;

-- retry: 1 wanted, 2 in flight.
CREATE TABLE set_aside(
  sink TEXT NOT NULL,
  kind INTEGER NOT NULL,
  id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  retry INTEGER NOT NULL,
  PRIMARY KEY(sink, kind, id)
) STRICT, WITHOUT ROWID;

-- Who sends here. generation counts its epochs; gaps, the requests of this one that never came.
-- refused: what its last request brought that was not taken, for the answer if it comes again.
CREATE TABLE sensors(
  sensor TEXT PRIMARY KEY,
  epoch TEXT NOT NULL,
  generation INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  flight TEXT NOT NULL,
  refused TEXT NOT NULL,
  gaps INTEGER NOT NULL,
  last_contact INTEGER NOT NULL,
  last_sent INTEGER NOT NULL,
  skew INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- uuid: by which the sensor knows it. seen_by: who found it, where the sensor handed it on.
CREATE TABLE received(
  source_id INTEGER PRIMARY KEY CHECK(source_id < -1),
  sensor TEXT NOT NULL,
  uuid BLOB NOT NULL,
  asset_id INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  fingerprint INTEGER NOT NULL,
  seen_by TEXT NOT NULL,
  site TEXT NOT NULL,
  area TEXT NOT NULL,
  observed_at INTEGER NOT NULL,
  configured INTEGER NOT NULL,
  path TEXT NOT NULL,
  exported_at INTEGER,
  differences TEXT NOT NULL,
  UNIQUE(sensor, uuid)
) STRICT;
CREATE INDEX received_of ON received(asset_id, observed_at);

CREATE TABLE received_sightings(
  source_id INTEGER NOT NULL,
  asset_id INTEGER NOT NULL,
  protocol TEXT NOT NULL,
  target TEXT NOT NULL,
  address TEXT NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  PRIMARY KEY(asset_id, source_id, protocol, target)
) STRICT, WITHOUT ROWID;
CREATE VIEW sightings AS
  SELECT source_id, asset_id, protocol, target, address, first_seen, last_seen FROM observations
  UNION ALL
  SELECT source_id, asset_id, protocol, target, address, first_seen, last_seen
  FROM received_sightings;

-- Whose it is; '': found here.
ALTER TABLE assets ADD COLUMN sensor TEXT NOT NULL DEFAULT '';
ALTER TABLE files ADD COLUMN sensor TEXT NOT NULL DEFAULT '';
ALTER TABLE files ADD COLUMN seen_by TEXT NOT NULL DEFAULT '';
ALTER TABLE files ADD COLUMN sensor_uuid BLOB;
ALTER TABLE files ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
DROP INDEX files_live;
CREATE UNIQUE INDEX files_live ON files(path, (status = 'Importing'), sensor, seen_by)
  WHERE status <> 'Deleted';
CREATE UNIQUE INDEX files_received ON files(sensor, sensor_uuid) WHERE sensor <> '';

INSERT INTO changes(kind, id, at) SELECT 1, file_id, last_updated FROM files
  WHERE status <> 'Importing' ORDER BY file_id;
INSERT INTO changes(kind, id, at) SELECT 2, asset_id, last_updated FROM assets
  WHERE shown_file IS NOT NULL ORDER BY asset_id;

CREATE VIEW clock(now) AS SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER);

CREATE TRIGGER files_added AFTER INSERT ON files WHEN new.status <> 'Importing'
BEGIN
  REPLACE INTO changes(kind, id, at) SELECT 1, new.file_id, now FROM clock;
END;
CREATE TRIGGER files_changed AFTER UPDATE ON files
WHEN new.status <> 'Importing' AND
  (old.status, old.site, old.area, old.plant_location, old.vendor, old.asset_count, old.tool_name,
   old.tool_version, old.tool_confidence, old.project_name, old.exported_text, old.exported_at,
   old.md5, old.sha256, old.size, old.last_updated, old.parser, old.details, old.warnings,
   old.error, old.path, old.name, old.extension, old.uploaded_by, old.seen_by) IS NOT
  (new.status, new.site, new.area, new.plant_location, new.vendor, new.asset_count, new.tool_name,
   new.tool_version, new.tool_confidence, new.project_name, new.exported_text, new.exported_at,
   new.md5, new.sha256, new.size, new.last_updated, new.parser, new.details, new.warnings,
   new.error, new.path, new.name, new.extension, new.uploaded_by, new.seen_by)
BEGIN
  REPLACE INTO changes(kind, id, at) SELECT 1, new.file_id, now FROM clock;
END;
CREATE TRIGGER files_removed AFTER DELETE ON files WHEN old.status <> 'Importing'
BEGIN
  REPLACE INTO changes(kind, id, at, gone) SELECT 1, old.file_id, now, old.file_uuid FROM clock;
END;

CREATE TRIGGER assets_changed AFTER UPDATE OF shown_file, fingerprint, site, area, sensor,
  last_updated ON assets
WHEN new.shown_file IS NOT NULL AND
  (old.shown_file, old.fingerprint, old.site, old.area, old.sensor, old.last_updated) IS NOT
  (new.shown_file, new.fingerprint, new.site, new.area, new.sensor, new.last_updated)
BEGIN
  REPLACE INTO changes(kind, id, at) SELECT 2, new.asset_id, now FROM clock;
END;
CREATE TRIGGER assets_left AFTER UPDATE OF shown_file ON assets
WHEN old.shown_file IS NOT NULL AND new.shown_file IS NULL
BEGIN
  REPLACE INTO changes(kind, id, at, gone) SELECT 2, old.asset_id, now, old.asset_uuid FROM clock;
END;
CREATE TRIGGER observations_seen AFTER UPDATE OF first_seen, last_seen, complete ON observations
WHEN new.last_seen / 3600000 <> old.last_seen / 3600000 OR new.first_seen <> old.first_seen
  OR new.complete <> old.complete
BEGIN
  REPLACE INTO changes(kind, id, at) SELECT 2, asset_id, now FROM assets, clock
    WHERE asset_id = new.asset_id AND shown_file IS NOT NULL;
END;
CREATE TRIGGER asset_keys_lost BEFORE INSERT ON asset_keys
BEGIN
  REPLACE INTO changes(kind, id, at) SELECT 2, a.asset_id, now FROM asset_keys k
    CROSS JOIN assets a ON a.asset_id = k.asset_id CROSS JOIN clock
    WHERE k.kind = new.kind AND k.value = new.value AND a.shown_file IS NOT NULL;
END;
CREATE TRIGGER asset_keys_gained AFTER INSERT ON asset_keys
BEGIN
  REPLACE INTO changes(kind, id, at) SELECT 2, asset_id, now FROM assets, clock
    WHERE asset_id = new.asset_id AND shown_file IS NOT NULL;
END;
)sql";

}  // namespace ot::store
