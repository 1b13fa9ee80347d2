#include "agent/uplink/outbox_change.hpp"

#include <fmt/format.h>

#include "store/outbox.hpp"

namespace ot::agent {
namespace {

Result<store::Sink> sink_named(store::Outbox& outbox, const std::string& name) {
  auto sink = outbox.find(name);
  if (!sink) {
    return fail(std::move(sink).error());
  }
  if (!*sink) {
    return fail(Error(Errc::wrong_use, fmt::format("nothing was ever told to a sink \"{}\"", name))
                    .hint("`rackscout outbox` lists those that are known"));
  }
  return std::move(**sink);
}

Result<std::int64_t> renew(store::Outbox& outbox, const std::string& name) {
  auto sink = sink_named(outbox, name);
  if (!sink) {
    return fail(std::move(sink).error());
  }
  if (auto begun = outbox.begin_epoch(name, sink->settings); !begun) {
    return fail(std::move(begun).error());
  }
  sink = sink_named(outbox, name);
  const auto waiting = sink ? outbox.waiting(*sink) : fail(sink.error());
  return waiting ? Result<std::int64_t>(static_cast<std::int64_t>(waiting->records))
                 : fail(waiting.error());
}

Result<std::int64_t> changed(store::Outbox& outbox, const std::string& verb,
                             const std::string& name) {
  if (verb == "renew") {
    return renew(outbox, name);
  }
  if (!name.empty()) {
    if (auto known = sink_named(outbox, name); !known) {
      return fail(std::move(known).error());
    }
  }
  if (verb == "retry") {
    return outbox.retry(name);
  }
  return verb == "drop" ? outbox.drop(name) : fail(Errc::wrong_use, "there is no such request");
}

}  // namespace

Result<std::int64_t> change_outbox(store::Store& store, const std::string& request) {
  const auto blank = request.find(' ');
  const auto verb = request.substr(0, blank);
  const auto name = blank == std::string::npos ? std::string() : request.substr(blank + 1);
  store::Outbox outbox(store);
  auto records = changed(outbox, verb, name);
  if (!records) {
    return records;
  }
  const auto done = store.commit();
  return done ? records : fail(done.error());
}

}  // namespace ot::agent
