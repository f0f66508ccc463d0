import './styles.css';
import { RingsideClient } from '@ringside/client';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { LastBoundary } from './fault/page-boundary.tsx';
import { applyTheme } from './theme.ts';

applyTheme();

const root = document.getElementById('root');
if (!root) throw new Error('the page has no #root');
createRoot(root).render(
  <StrictMode>
    <LastBoundary>
      <App client={new RingsideClient({ url: location.origin })} />
    </LastBoundary>
  </StrictMode>,
);
