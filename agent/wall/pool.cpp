#include "agent/wall/pool.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>

#include "agent/wall/confine.hpp"
#include "agent/wall/error_fields.hpp"

namespace ot::agent::wall {
namespace {

using Clock = std::chrono::steady_clock;

// A hole in a reader that one file found is there for the files behind it, until the child goes.
constexpr std::uint32_t kMostFiles = 128;
constexpr std::uint64_t kMostBytes = 32ULL << 20;
/// Children that have used so much of the processor are not used again.
constexpr int kShareOfCpu = 3;
constexpr std::chrono::milliseconds kLook{100};
constexpr std::chrono::seconds kLongestStart{10};

constexpr std::string_view kHint =
    "the file may be damaged, or made to do harm; `rackscout parse` on it repeats this";

/// Not what its parent alone can know: that the user stopped, or that a file is not there.
bool may_say(Errc code) {
  switch (code) {
    case Errc::malformed:
    case Errc::unsupported:
    case Errc::too_large:
    case Errc::encrypted:
    case Errc::changed:
    case Errc::corrupt:
    case Errc::io: return true;
    default: return false;
  }
}

/// It becomes this process's own memory.
std::uint64_t most_of_answer(const Options& options) {
  const auto pages = static_cast<std::uint64_t>(std::max(0L, ::sysconf(_SC_PHYS_PAGES)));
  const auto page = static_cast<std::uint64_t>(std::max(0L, ::sysconf(_SC_PAGESIZE)));
  return std::min(options.memory / 2, pages * page / 4);
}

}  // namespace

class Child {
 public:
  explicit Child(ChildProcess process) : process_(std::move(process)) {}

  ChildProcess& process() { return process_; }
  int channel() const { return process_.channel(); }
  void count(const Request& request) {
    ++files_;
    bytes_ += request.size;
  }
  bool is_worn(const Options& options) const {
    return files_ >= kMostFiles || bytes_ >= kMostBytes ||
           process_.cpu_time() >= options.cpu / kShareOfCpu;
  }

 private:
  ChildProcess process_;
  std::uint32_t files_ = 0;
  std::uint64_t bytes_ = 0;
};

Job::Job(Pool& pool, std::unique_ptr<Child> child, std::chrono::milliseconds limit,
         std::uint64_t most)
    : pool_(&pool), child_(std::move(child)), limit_(limit + pool.options().grace), most_(most) {}

Job::Job(Job&&) noexcept = default;
Job& Job::operator=(Job&&) noexcept = default;
Job::~Job() = default;  // a child that is not given back is ended

/// The child is not used again.
Error Job::failed(Error error) {
  child_.reset();
  return error;
}

Error Job::died() {
  const auto status = child_->process().ended();
  return failed(death_from(status, pool_->options().cpu));
}

Error Job::forbidden() {
  std::uint32_t number = 0;
  if (buffer_.size() == sizeof number) {
    std::memcpy(&number, buffer_.data(), sizeof number);
  }
  return failed(Error(Errc::forbidden, fmt::format("reading it tried a forbidden system call ({})",
                                                   system_call_name(number)))
                    .hint(std::string(kHint)));
}

/// Memory that ran out once is in pieces.
Error Job::task_error() {
  auto error = unpacked_error(buffer_);
  if (!may_say(error.code())) {
    error = Error(Errc::malformed, error.message());
  }
  if (error.code() == Errc::too_large) {
    return failed(std::move(error));
  }
  done();
  return error;
}

void Job::done() {
  pool_->give_back(std::move(child_));
}

/// Until there is something to read, or the other end is closed.
Result<void> Job::wait(const GoOn& go_on) {
  pollfd channel{child_->channel(), POLLIN, 0};
  for (;;) {
    const auto began = Clock::now();
    const int ready = ::poll(&channel, 1, static_cast<int>(kLook.count()));
    const int number = errno;
    waited_ += Clock::now() - began;
    if (ready < 0 && number != EINTR) {
      return fail(failed(system_error(number, "wait for a child that reads a file")));
    }
    // Also of one that sends a little now and then.
    if (waited_ >= limit_) {
      const auto seconds = std::chrono::duration<double>(limit_).count();
      return fail(failed(Error(Errc::too_large, fmt::format("reading it took over {} s", seconds))
                             .hint(std::string(kHint))));
    }
    if (ready > 0) {
      return {};
    }
    if (go_on && !go_on()) {
      return fail(failed(Error(Errc::cancelled, "stopped")));
    }
  }
}

Result<void> Job::receive(std::size_t size, const GoOn& go_on) {
  buffer_.resize(size);
  for (std::size_t have = 0; have < size;) {
    const auto got = ::recv(child_->channel(), buffer_.data() + have, size - have, MSG_DONTWAIT);
    if (got > 0) {
      have += static_cast<std::size_t>(got);
      continue;
    }
    if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
      return fail(died());
    }
    if (auto waited = wait(go_on); !waited) {
      return waited;
    }
  }
  return {};
}

/// The head of a frame, and its content in the buffer.
Result<FrameHead> Job::next_frame(const GoOn& go_on) {
  if (child_ == nullptr) {
    return FrameHead{};
  }
  if (auto got = receive(FrameHead::kSize, go_on); !got) {
    return fail(std::move(got).error());
  }
  auto head = FrameHead::from(buffer_);
  if (!head) {
    return fail(failed(head.error()));
  }
  received_ += FrameHead::kSize + head->size;
  if (received_ > most_) {
    return fail(failed(Error(Errc::too_large, "what the reading child sent has no end")));
  }
  if (auto got = receive(head->size, go_on); !got) {
    return fail(std::move(got).error());
  }
  return head;
}

Result<std::string_view> Job::next(const GoOn& go_on) {
  for (;;) {
    const auto head = next_frame(go_on);
    if (!head) {
      return fail(head.error());
    }
    switch (head->kind) {
      case FrameKind::hello:
        return fail(failed(Error(Errc::malformed, "what the reading child sent is damaged")));
      case FrameKind::forbidden: return fail(forbidden());
      case FrameKind::failure: return fail(task_error());
      case FrameKind::data:
        if (buffer_.empty()) {
          continue;
        }
        return std::string_view(buffer_);
      case FrameKind::end:
        if (child_ != nullptr) {
          done();
        }
        return std::string_view();
    }
  }
}

Result<void> Job::fill(char* into, std::size_t size, const GoOn& go_on) {
  while (size > 0) {
    if (rest_.empty()) {
      const auto piece = next(go_on);
      if (!piece) {
        return fail(piece.error());
      }
      if (piece->empty()) {
        return fail(Errc::malformed, "what the reading child sent is cut short");
      }
      rest_ = *piece;
    }
    const auto count = std::min(size, rest_.size());
    std::copy_n(rest_.data(), count, into);
    rest_.remove_prefix(count);
    into += count;
    size -= count;
  }
  return {};
}

Result<void> Job::at_end(const GoOn& go_on) {
  const auto more = rest_.empty() ? next(go_on) : Result<std::string_view>(rest_);
  if (!more) {
    return fail(more.error());
  }
  if (!more->empty()) {
    return fail(failed(
        Error(Errc::malformed, "what the reading child sent is damaged: there is more of it")));
  }
  return {};
}

Pool::Pool(Options options) : options_(options) {}
Pool::~Pool() = default;

Result<std::unique_ptr<Child>> Pool::take() {
  if (!idle_.empty()) {
    auto child = std::move(idle_.back());
    idle_.pop_back();
    return child;
  }
  return fresh();
}

/// A new one, once it has said that it is shut in. What goes wrong until then is no file's fault.
Result<std::unique_ptr<Child>> Pool::fresh() {
  auto process = ChildProcess::start(options_);
  if (!process) {
    return fail(std::move(process).error());
  }
  Job greeting(*this, std::make_unique<Child>(std::move(*process)), kLongestStart,
               FrameHead::kMost);
  const auto head = greeting.next_frame({});
  if (!head) {
    return fail(Errc::io, "start a child that reads files: " + head.error().message());
  }
  if (head->kind != FrameKind::hello) {
    return fail(head->kind == FrameKind::failure
                    ? unpacked_error(greeting.buffer_)
                    : Error(Errc::io, "a child that reads files does not start as it should"));
  }
  confinement_ = unpacked_confinement(greeting.buffer_);
  return std::move(greeting.child_);
}

/// One that says something unasked is not used again.
void Pool::give_back(std::unique_ptr<Child> child) {
  char byte = 0;
  const bool is_quiet =
      ::recv(child->channel(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
  if (is_quiet && !child->is_worn(options_)) {
    idle_.push_back(std::move(child));
  }
}

Result<Confinement> Pool::ready() {
  if (confinement_) {
    return *confinement_;
  }
  auto child = take();
  if (!child) {
    return fail(std::move(child).error());
  }
  give_back(std::move(*child));
  return *confinement_;
}

Result<Job> Pool::begin(const Request& request, int file, std::chrono::milliseconds limit,
                        std::optional<std::uint64_t> most) {
  for (;;) {
    const bool fresh = idle_.empty();
    auto child = take();
    if (!child) {
      return fail(std::move(child).error());
    }
    if (auto sent = send_request((*child)->channel(), request, file); sent) {
      (*child)->count(request);
      return Job(*this, std::move(*child), limit, most.value_or(most_of_answer(options_)));
    } else if (fresh) {
      return fail(std::move(sent).error());
    }
    // One that waited may have been ended by somebody; there are others.
  }
}

}  // namespace ot::agent::wall
