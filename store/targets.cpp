#include "store/targets.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "store/journal.hpp"

namespace ot::store {
namespace {

Result<std::optional<TargetState>> known_target(Database& database, const TargetState& now) {
  Query query(database,
              "SELECT last_try, last_answer, outcome FROM targets"
              " WHERE group_name = ? AND target = ?",
              now.group, now.target);
  std::optional<TargetState> known;
  if (query.next()) {
    known = TargetState{.group = now.group,
                        .target = now.target,
                        .last_try = query.time(),
                        .last_answer = query.optional_time(),
                        .outcome = query.text(),
                        .reason = {}};
  }
  STORE_TRY(query.end());
  return known;
}

std::string in_words(const TargetState& state) {
  return state.reason.empty() ? state.outcome : fmt::format("{}: {}", state.outcome, state.reason);
}

/// Only a target that ever answered can fall silent.
Result<void> note_turn(Database& database, const TargetState& known, const TargetState& now) {
  if (!known.last_answer || known.answered() == now.answered()) {
    return {};
  }
  return now.answered() ? note(database, now.last_try, "target.answers", now.target,
                               in_words(known), in_words(now))
                        : note(database, now.last_try, "target.silent", now.target,
                               iso8601(*known.last_answer), in_words(now));
}

Result<void> put_target(Database& database, const TargetState& now) {
  const auto known = known_target(database, now);
  if (!known) {
    return fail(known.error());
  }
  if (*known) {
    STORE_TRY(note_turn(database, **known, now));
  }
  return run(database,
             "INSERT INTO targets(group_name, target, last_try, last_answer, outcome, reason)"
             " VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET last_try = excluded.last_try,"
             " last_answer = coalesce(excluded.last_answer, last_answer),"
             " outcome = excluded.outcome, reason = excluded.reason",
             now.group, now.target, now.last_try, now.last_answer, now.outcome, now.reason);
}

}  // namespace

Result<void> put_run(Database& database, const GroupRun& group,
                     std::span<const TargetState> targets) {
  STORE_TRY(run(database,
                "REPLACE INTO group_runs(group_name, began, ended, targets, answered, requests,"
                " stopped, next_target) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
                group.group, group.began, group.ended, group.targets, group.answered,
                group.requests, group.stopped, group.next));
  for (const TargetState& target : targets) {
    STORE_TRY(put_target(database, target));
  }
  return {};
}

Result<void> keep_only(Database& database, std::span<const std::string> groups) {
  std::vector<std::string> known;
  {
    Query query(database, "SELECT group_name FROM group_runs UNION SELECT group_name FROM targets");
    while (query.next()) {
      known.push_back(query.text());
    }
    STORE_TRY(query.end());
  }
  for (const std::string& group : known) {
    if (std::find(groups.begin(), groups.end(), group) == groups.end()) {
      STORE_TRY(run(database, "DELETE FROM group_runs WHERE group_name = ?", group));
      STORE_TRY(run(database, "DELETE FROM targets WHERE group_name = ?", group));
    }
  }
  return {};
}

Result<std::vector<TargetState>> read_targets(Database& database) {
  Query query(database,
              "SELECT group_name, target, last_try, last_answer, outcome, reason FROM targets"
              " ORDER BY group_name, target");
  std::vector<TargetState> targets;
  while (query.next()) {
    targets.push_back({.group = query.text(),
                       .target = query.text(),
                       .last_try = query.time(),
                       .last_answer = query.optional_time(),
                       .outcome = query.text(),
                       .reason = query.text()});
  }
  STORE_TRY(query.end());
  return targets;
}

Result<std::vector<GroupRun>> read_runs(Database& database) {
  Query query(database,
              "SELECT group_name, began, ended, targets, answered, requests, stopped, next_target"
              " FROM group_runs ORDER BY group_name");
  std::vector<GroupRun> runs;
  while (query.next()) {
    runs.push_back({.group = query.text(),
                    .began = query.time(),
                    .ended = query.time(),
                    .targets = query.integer(),
                    .answered = query.integer(),
                    .requests = query.integer(),
                    .stopped = query.integer() != 0,
                    .next = query.text()});
  }
  STORE_TRY(query.end());
  return runs;
}

}  // namespace ot::store
