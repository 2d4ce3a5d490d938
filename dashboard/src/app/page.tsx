import { LandingFooter, LandingHeader } from '@/features/landing/frame';
import { Closing, Features, Hero, Promises, Questions, Steps } from '@/features/landing/sections';

export default function LandingPage() {
  return (
    <div className="overflow-x-clip">
      <LandingHeader />
      <main>
        <Hero />
        <Promises />
        <Steps />
        <Features />
        <Questions />
        <Closing />
      </main>
      <LandingFooter />
    </div>
  );
}
