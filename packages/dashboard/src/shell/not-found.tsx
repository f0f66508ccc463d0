import { Link } from 'wouter';

export function NotFound() {
  return (
    <div className="grid min-h-[60dvh] place-items-center text-center">
      <div>
        <h1 className="text-20 font-semibold">There is nothing here</h1>
        <p className="mt-2 text-ink-2">
          The address may be wrong.{' '}
          <Link href="/" className="text-progress underline underline-offset-2">
            All campaigns
          </Link>
        </p>
      </div>
    </div>
  );
}
