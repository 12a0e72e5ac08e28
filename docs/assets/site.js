// Clips play while they are seen, and stop by a click or for who wants no motion.
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const clips = document.querySelectorAll(".clips video");

function play(clip) {
  clip.play().catch(() => {}); // browsers may forbid it: the poster stays
}

const seen = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) target.pause();
    else if (!still && !target.dataset.stopped) play(target);
  }
}, { threshold: 0.5 });

for (const clip of clips) {
  const toggle = () => {
    clip.dataset.stopped = clip.paused ? "" : "yes";
    if (clip.paused) play(clip);
    else clip.pause();
  };
  clip.addEventListener("click", toggle);
  clip.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    toggle();
  });
  seen.observe(clip);
}

// A table that is wider than the page can be scrolled by keyboard too.
for (const box of document.querySelectorAll(".md-typeset__scrollwrap")) box.tabIndex = 0;
