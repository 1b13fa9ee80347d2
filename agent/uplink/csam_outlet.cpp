#include <algorithm>

#include <fmt/format.h>

#include "agent/json_text.hpp"
#include "agent/uplink/csam_reply.hpp"
#include "agent/uplink/csam_request.hpp"
#include "agent/uplink/outlet.hpp"
#include "agent/uplink/web_sink.hpp"
#include "base/log.hpp"

namespace ot::agent {
namespace {

constexpr const char* kSync = "/rest/2.0/am/connector/asset/data/sync";
constexpr const char* kBusinessApps = "/rest/2.0/upsert/am/businessapp/metadata";

std::vector<std::string> keys_of(const Parcel& parcel) {
  std::vector<std::string> keys;
  std::transform(parcel.records.begin(), parcel.records.end(), std::back_inserter(keys),
                 [](const PackedRecord& record) { return record.key; });
  return keys;
}

Outcome outcome_of(const CsamReply& reply, const std::vector<std::string>& keys) {
  Outcome outcome;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (const auto found = reply.failed.find(keys[i]); found != reply.failed.end()) {
      outcome.refused.emplace_back(i, found->second);
    }
  }
  return outcome;
}

class CsamOutlet final : public Outlet {
 public:
  CsamOutlet(std::unique_ptr<WebSink> sink, std::vector<BusinessApp> apps)
      : sink_(std::move(sink)), apps_(std::move(apps)) {}

  asio::awaitable<Outcome> send(const Parcel& parcel) override {
    if (!has_apps_ && !apps_.empty()) {
      auto told = co_await tell_apps();
      if (told.kind != Outcome::Kind::landed) {
        co_return told;
      }
      has_apps_ = true;
    }
    std::string target = kSync;
    auto body = parcel.body;
    auto reply = co_await sink_->post(std::move(target), std::move(body), false);
    if (!reply) {
      co_return agent::outcome_of(reply.error());
    }
    co_return outcome_of_sync(*reply, parcel);
  }

  std::string preview(const Parcel& parcel) override {
    std::string text;
    if (!apps_.empty() && !has_apps_) {
      has_apps_ = true;
      const auto body = apps_body();
      text = fmt::format("{}\n{}\n\n", sink_->preview_of(kBusinessApps, body.size(), false), body);
    }
    return text + fmt::format("{}\n{}\n", sink_->preview_of(kSync, parcel.body.size(), false),
                              parcel.body);
  }

  asio::awaitable<void> close() override { return sink_->close(); }
  void abort() override { sink_->abort(); }

 private:
  std::string apps_body() const {
    const auto at = now();
    return json_text(business_apps_request(apps_, at, at), -1);
  }

  /// They have to be there before an asset names them.
  asio::awaitable<Outcome> tell_apps() {
    std::string target = kBusinessApps;
    auto body = apps_body();
    auto reply = co_await sink_->post(std::move(target), std::move(body), false);
    if (!reply) {
      co_return agent::outcome_of(reply.error());
    }
    Outcome outcome;
    if (reply->status / 100 != 2) {
      outcome = agent::outcome_of(*reply, sink_->url());
      outcome.kind = Outcome::Kind::later;
      outcome.reason = "business applications: " + outcome.reason;
    }
    co_return outcome;
  }

  Outcome outcome_of_sync(const http::Reply& reply, const Parcel& parcel) const {
    if (reply.status / 100 != 2) {
      return agent::outcome_of(reply, sink_->url());
    }
    const auto keys = keys_of(parcel);
    const auto read = read_csam_reply(reply.status, reply.body, keys);
    if (!read.understood) {
      return Outcome(Outcome::Kind::later,
                     fmt::format("{} answers {}, but not as the import of assets does",
                                 sink_->url().authority(), reply.status));
    }
    auto outcome = outcome_of(read, keys);
    if (read.whole_failed) {
      return Outcome(Outcome::Kind::too_much, read.message);
    }
    if (!read.message.empty() && !outcome.refused.empty()) {
      log::warning("the platform says: " + read.message);
    }
    return outcome;
  }

  std::unique_ptr<WebSink> sink_;
  std::vector<BusinessApp> apps_;
  bool has_apps_ = false;
};

}  // namespace

Result<std::unique_ptr<Outlet>> make_csam_outlet(const asio::any_io_executor& executor,
                                                 const SinkConfig& config) {
  auto sink = WebSink::open(executor, config);
  if (!sink) {
    return fail(std::move(sink).error());
  }
  return std::make_unique<CsamOutlet>(std::move(*sink), config.business_apps);
}

}  // namespace ot::agent
